package org.capitania.contract;

/** The services of the fleet: wire name (also the token audience), database schema and default port. */
public enum Service {
    GRAPH_SERVICE("graph-service", "graph", 8081),
    TOOL_REGISTRY("tool-registry", "ledger", 8082),
    APPROVAL_SERVICE("approval-service", "approval", 8080),
    SUPERVISOR("supervisor", "fleet", 8083),
    WATCHDOG("watchdog", "watch", 8084),
    INGEST_WORKERS("ingest-workers", "ingest", 8085),
    AGENT_CHIEF("agent-chief", "agent_chief", 8086),
    AGENT_OPERATOR("agent-operator", "agent_operator", 8087);

    private final String wireName;
    private final String schema;
    private final int defaultPort;

    Service(String wireName, String schema, int defaultPort) {
        this.wireName = wireName;
        this.schema = schema;
        this.defaultPort = defaultPort;
    }

    public String wireName() {
        return wireName;
    }

    public String schema() {
        return schema;
    }

    public int defaultPort() {
        return defaultPort;
    }

    public static Service fromWireName(String name) {
        for (Service s : values()) {
            if (s.wireName.equals(name)) {
                return s;
            }
        }
        throw new CapitaniaException(ErrorCode.NOT_FOUND, "no service is called " + name);
    }
}
