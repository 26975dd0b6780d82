# A served register on a SQLite file in $scratch, on a free port of the loopback: `serve` sets $url, `stop_serving` ends it.

server=""

serve() {
    local port tries
    export QINQING_DATABASE_URL="sqlite:///$scratch/register.sqlite3"
    port=$(python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    qinqing serve --port "$port" >"$scratch/server.log" 2>&1 &
    server=$!
    url="http://127.0.0.1:$port"
    for tries in $(seq 150); do
        if python -c "import urllib.request; urllib.request.urlopen('$url/readyz', timeout=2)" 2>/dev/null; then return; fi
        if ! kill -0 "$server" 2>/dev/null; then break; fi
        sleep 0.2
    done
    echo "The server did not become ready after $tries tries:" >&2
    tail -n 30 "$scratch/server.log" >&2
    return 1
}

stop_serving() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=""
    fi
}
