package org.capitania.embedded.keys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.capitania.contract.Service;

/**
 * Who a key belongs to and what it is bound to.
 *
 * @param sub the actor as it is written everywhere, for example {@code agent:chief}
 * @param kind {@code owner}, {@code person}, {@code agent}, {@code worker}, {@code service} or {@code client}
 * @param audiences wire names of the services that accept its tokens
 * @param obo whether its tokens may name another actor on whose behalf they act
 */
public record Principal(String sub, String kind, List<String> audiences, List<String> tenants, boolean obo) {
    public static final String OWNER = "user:owner";

    private static final List<String> EVERY_SERVICE =
            Arrays.stream(Service.values()).map(Service::wireName).toList();
    private static final List<String> FOR_AGENTS =
            List.of(Service.TOOL_REGISTRY.wireName(), Service.SUPERVISOR.wireName());

    /** The owner, who may act for other people; services refuse every other actor in its tokens. */
    public static Principal owner(List<String> tenants) {
        return new Principal(OWNER, "owner", EVERY_SERVICE, tenants, true);
    }

    /** {@code system:<service>}; only tool-registry and approval-service may act for anybody. */
    public static Principal service(Service service, List<String> tenants) {
        boolean obo = service == Service.TOOL_REGISTRY || service == Service.APPROVAL_SERVICE;
        return new Principal("system:" + service.wireName(), "service", EVERY_SERVICE, tenants, obo);
    }

    public static Principal agent(String role, List<String> tenants) {
        return new Principal("agent:" + role, "agent", FOR_AGENTS, tenants, false);
    }

    public static Principal worker(String name, List<Service> audiences, List<String> tenants) {
        return new Principal(
                "worker:" + name,
                "worker",
                audiences.stream().map(Service::wireName).toList(),
                tenants,
                false);
    }

    /** A client from outside, such as a coding agent on somebody's desk; it speaks to the gateway and to nothing else. */
    public static Principal client(String name, List<String> tenants) {
        return new Principal("client:" + name, "client", List.of(Service.TOOL_REGISTRY.wireName()), tenants, false);
    }

    /** The principals whose keys a service's process holds: an agent's process holds the agent's alone. */
    public static List<Principal> heldBy(Service service, List<String> tenants) {
        List<Principal> held = new ArrayList<>();
        switch (service) {
            case AGENT_CHIEF -> held.add(agent("chief", tenants));
            case AGENT_OPERATOR -> held.add(agent("operator", tenants));
            case INGEST_WORKERS -> {
                held.add(service(service, tenants));
                held.add(worker("email_ingest", List.of(Service.GRAPH_SERVICE), tenants));
                held.add(worker("embed_worker", List.of(Service.GRAPH_SERVICE), tenants));
                held.add(worker("enrich", List.of(Service.GRAPH_SERVICE), tenants));
            }
            case GRAPH_SERVICE, TOOL_REGISTRY, APPROVAL_SERVICE, SUPERVISOR, WATCHDOG ->
                held.add(service(service, tenants));
        }
        return List.copyOf(held);
    }

    /** The name of its private key file, for example {@code worker_email_ingest.jwk}. */
    public String fileName() {
        return sub.replace(':', '_') + ".jwk";
    }
}
