// What a client in TypeScript does with the generated types, against a served register: `node smoke.js URL KEY`, with an operator's key.
// Nothing is cast: what does not fit does not compile.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/typescript/schema.js";

type Schemas = components["schemas"];
type Declaration = Schemas["DeclarationOut"];

const [address = "", secret = ""] = process.argv.slice(2);
const clientFor = (key: string) => createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10); // days are Beijing's

/** What was answered, or a failure that tells the problem. */
function given<T>(answer: { data?: T; error?: unknown }): T {
  assert.ok(answer.data !== undefined, JSON.stringify(answer.error));
  return answer.data;
}

/** An official with a key of their own. */
async function official() {
  const operator = clientFor(secret);
  const unit = given(await operator.POST("/v1/units", { body: { name: "某市住房和城乡建设局", kind: "government" } }));
  const person = given(
    await operator.POST("/v1/persons", {
      body: {
        employee_number: `TS-${randomUUID().slice(0, 8)}`,
        name: "张明",
        unit: unit.id,
        party_member: true,
        staff_class: "civil_servant",
        rank: "section_chief",
        is_leader: false,
      },
    }),
  );
  const key = given(await operator.POST("/v1/api-keys", { body: { name: "TypeScript", scopes: ["declarations:write"], person: person.id } }));
  const own = clientFor(key.key);
  const me = given(await own.GET("/v1/me"));
  assert.equal(me.person?.id, person.id);
  return { own, person };
}

const gift: Schemas["GiftDeclarationIn"] = {
  kind: "gift",
  details: {
    received_on: today,
    received_away: false,
    giver: { name: "恒远建设有限公司", type: "enterprise" },
    relation: "supervised_current",
    also_kin: false,
    direction: "received",
    setting: "domestic",
    receiver: "self",
    occasion: "visit",
    channel: "in_person",
    public_event: false,
    giver_has_pending_matter: null,
    items: [
      {
        category: "prepaid_card",
        description: "购物卡",
        worth: { amount: "500.00", currency: "CNY" },
        worth_basis: "market",
        disposition: { action: "pending" },
      },
    ],
  },
};

const meal: Schemas["MealDeclarationIn"] = {
  kind: "meal",
  details: {
    occurred_on: today,
    host: { name: "恒远建设有限公司" },
    relation: "supervised_current",
    also_kin: false,
    type: "on_site_work_meal",
    venue: "company_canteen",
    payer: "host",
    alcohol: "none",
    tobacco: false,
    luxury_dishes: false,
    during_inspection: false,
    disposition: "attended",
  },
};

const post: Schemas["OutsidePostDeclarationIn"] = {
  kind: "outside_post",
  details: {
    organisation: { name: "某市建筑学会" },
    organisation_kind: "social_organisation",
    title: "理事",
    post_type: "honorary",
    holder: "self",
    real_work: false,
    from_on: today,
    pay_per_year: { amount: "0.00", currency: "CNY" },
    equity: false,
    assigned_by_unit: false,
    in_former_jurisdiction: null,
    related_to_former_work: null,
    consented_by_organisation_department: false,
    professional_innovation: false,
    disposition: "held",
  },
};

/** One line on a declaration; the kind tells the compiler which details there are. */
function told(declaration: Declaration): string {
  switch (declaration.kind) {
    case "gift":
      return `${declaration.details.items.length} ${declaration.details.items[0]?.category}`;
    case "meal":
      return declaration.details.venue;
    case "outside_post":
      return declaration.details.pay_per_year.amount;
    case "activity":
    case "loan":
    case "family_event":
    case "shareholding":
      return declaration.kind;
    default: {
      const none: never = declaration; // a kind without a line here would not compile
      return none;
    }
  }
}

const { own } = await official();

const preview = given(await own.POST("/v1/previews", { body: gift }));
assert.ok(preview.screening.findings.every((finding) => finding.title.length > 0));

const filed: Declaration[] = [];
for (const body of [gift, meal, post]) {
  const key = randomUUID();
  const first = await own.POST("/v1/declarations", { body, params: { header: { "Idempotency-Key": key } } });
  const again = await own.POST("/v1/declarations", { body, params: { header: { "Idempotency-Key": key } } });
  assert.equal(again.response.headers.get("Idempotent-Replayed"), "true");
  assert.deepEqual(again.data, first.data);
  filed.push(given(first));
}
assert.deepEqual(filed.map(told), ["1 prepaid_card", "company_canteen", "0.00"]);

const path = { declaration_id: filed[0]?.id ?? "" };
const read = await own.GET("/v1/declarations/{declaration_id}", { params: { path } });
const etag = read.response.headers.get("ETag") ?? "";
assert.equal(told(given(read)), "1 prepaid_card");
const amendment: Schemas["DeclarationChange"] = { details: { aware_on: today }, note: "更正" };
const amended = given(await own.PATCH("/v1/declarations/{declaration_id}", { params: { path, header: { "If-Match": etag } }, body: amendment }));
assert.equal(amended.revision, 2);
assert.ok(amended.kind === "gift" && amended.details.aware_on === today);

const stale = await own.PATCH("/v1/declarations/{declaration_id}", { params: { path, header: { "If-Match": etag } }, body: amendment });
assert.equal(stale.response.status, 412);
assert.equal(stale.error?.status, 412);

const wrong = await own.POST("/v1/declarations", { body: { ...gift, details: { ...gift.details, received_on: "2999-01-01" } } });
assert.equal(wrong.response.status, 422);
assert.equal(wrong.error?.errors?.[0]?.pointer, "/details/received_on");

const seen: string[] = [];
let after: string | null = null;
do {
  const query: { limit: number; after?: string } = after === null ? { limit: 2 } : { limit: 2, after };
  const page: Schemas["DeclarationPageOut"] = given(await own.GET("/v1/declarations", { params: { query } }));
  seen.push(...page.items.map((item) => item.id));
  after = page.next;
} while (after !== null);
assert.deepEqual(seen, filed.map((declaration) => declaration.id).reverse());

console.log(`TypeScript: ${filed.length} declarations filed, amended and read back, ${filed[0]?.screening?.findings.length} findings on the first`);
