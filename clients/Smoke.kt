// What a client in Kotlin does with the generated types, against a served register: `SmokeKt URL KEY`, with an operator's key.
// Requests go by the JDK's own client, so that the models and their serializers need nothing but kotlinx.serialization.
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.LocalDate
import java.time.ZoneId
import java.util.UUID
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import qinqing.infrastructure.Serializer
import qinqing.models.*

val json = Json {
    serializersModule = Serializer.kotlinxSerializationAdapters
    explicitNulls = false // what is not said is left out
}
val today: LocalDate = LocalDate.now(ZoneId.of("Asia/Shanghai"))

class Register(private val address: String, private val key: String) {
    private val http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()

    fun send(method: String, path: String, body: String? = null, vararg headers: String): HttpResponse<String> {
        val request = HttpRequest.newBuilder(URI(address + path)).header("Authorization", "Bearer $key").header("Content-Type", "application/json")
        if (headers.isNotEmpty()) request.headers(*headers)
        val content = body?.let { HttpRequest.BodyPublishers.ofString(it) } ?: HttpRequest.BodyPublishers.noBody()
        return http.send(request.method(method, content).build(), HttpResponse.BodyHandlers.ofString())
    }

    inline fun <reified In, reified Out> post(path: String, body: In): Out {
        val answer = send("POST", path, json.encodeToString(body))
        check(answer.statusCode() in 200..299) { answer.body() }
        return json.decodeFromString(answer.body())
    }

    inline fun <reified Out> get(path: String): Out = json.decodeFromString(send("GET", path).body())
}

fun official(address: String, secret: String): Register {
    val operator = Register(address, secret)
    val unit: UnitOut = operator.post("/v1/units", UnitIn(name = "某市住房和城乡建设局", kind = UnitKind.government))
    val person: PersonOut = operator.post(
        "/v1/persons",
        PersonIn(
            employeeNumber = "KT-${UUID.randomUUID().toString().take(8)}",
            name = "张明",
            unit = unit.id,
            partyMember = true,
            staffClass = StaffClass.civil_servant,
            rank = Rank.section_chief,
            isLeader = false,
        ),
    )
    val made: ApiKeyMade = operator.post("/v1/api-keys", ApiKeyIn(name = "Kotlin", scopes = listOf(Scope.declarationsColonWrite), person = person.id))
    val own = Register(address, made.key)
    check(own.get<MeOut>("/v1/me").person?.id == person.id)
    return own
}

fun gift(receivedOn: LocalDate) = DeclarationIn.GiftWrapper(
    GiftDeclarationIn(
        kind = GiftDeclarationIn.Kind.gift,
        details = GiftDetails(
            receivedOn = receivedOn,
            receivedAway = false,
            giver = CounterpartyReference(name = "恒远建设有限公司"),
            relation = Relation.supervised_current,
            alsoKin = false,
            direction = GiftDirection.received,
            setting = GiftSetting.domestic,
            `receiver` = GiftReceiver.self,
            occasion = GiftOccasion.visit,
            channel = GiftChannel.in_person,
            publicEvent = false,
            items = listOf(
                GiftItem(
                    category = GiftCategory.prepaid_card,
                    description = "购物卡",
                    worth = Money(amount = "500.00", currency = "CNY"),
                    worthBasis = WorthBasis.market,
                    disposition = GiftDisposition(action = DispositionAction.pending),
                ),
            ),
        ),
    ),
)

fun meal() = DeclarationIn.MealWrapper(
    MealDeclarationIn(
        kind = MealDeclarationIn.Kind.meal,
        details = MealDetails(
            occurredOn = today,
            host = CounterpartyReference(name = "恒远建设有限公司"),
            relation = Relation.supervised_current,
            alsoKin = false,
            type = MealType.on_site_work_meal,
            venue = Venue.company_canteen,
            payer = Payer.host,
            alcohol = Alcohol.none,
            tobacco = false,
            luxuryDishes = false,
            duringInspection = false,
            disposition = MealDisposition.attended,
        ),
    ),
)

/** One line on a declaration; `when` over a sealed type has a branch for each kind, or does not compile. */
fun told(declaration: DeclarationOut): String = when (declaration) {
    is DeclarationOut.GiftWrapper -> "${declaration.value.details.items.size} ${declaration.value.details.items.first().category.value}"
    is DeclarationOut.MealWrapper -> declaration.value.details.venue.value
    is DeclarationOut.OutsidePostWrapper -> declaration.value.details.payPerYear.amount
    is DeclarationOut.ActivityWrapper -> "activity"
    is DeclarationOut.LoanWrapper -> "loan"
    is DeclarationOut.FamilyEventWrapper -> "family_event"
    is DeclarationOut.ShareholdingWrapper -> "shareholding"
}

fun main(arguments: Array<String>) {
    val own = official(arguments[0], arguments[1])
    val preview: PreviewOut = own.post("/v1/previews", gift(today) as DeclarationIn)
    val filed = listOf<DeclarationIn>(gift(today), meal()).map { own.post<DeclarationIn, DeclarationOut>("/v1/declarations", it) }
    check(filed.map(::told) == listOf("1 prepaid_card", "company_canteen")) { filed.map(::told) }

    val id = (filed.first() as DeclarationOut.GiftWrapper).value.id
    val read = own.send("GET", "/v1/declarations/$id")
    val change = json.encodeToString(DeclarationChange(details = mapOf("aware_on" to JsonPrimitive(today.toString())), note = "更正"))
    val etag = read.headers().firstValue("ETag").get()
    val amended: DeclarationOut = json.decodeFromString(own.send("PATCH", "/v1/declarations/$id", change, "If-Match", etag).body())
    check(amended is DeclarationOut.GiftWrapper && amended.value.revision == 2L && amended.value.details.awareOn == today)
    check(own.send("PATCH", "/v1/declarations/$id", change, "If-Match", etag).statusCode() == 412)

    val wrong = own.send("POST", "/v1/declarations", json.encodeToString<DeclarationIn>(gift(LocalDate.of(2999, 1, 1))))
    check(json.decodeFromString<ProblemOut>(wrong.body()).errors?.first()?.pointer == "/details/received_on") { wrong.body() }

    val page: DeclarationPageOut = own.get("/v1/declarations?limit=1")
    check(page.items.size == 1 && page.next != null)
    println("Kotlin: ${filed.size} declarations filed, amended and read back, ${preview.screening.findings.size} findings in the preview")
}
