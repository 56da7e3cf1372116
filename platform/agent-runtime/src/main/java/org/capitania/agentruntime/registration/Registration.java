package org.capitania.agentruntime.registration;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.capitania.agentruntime.AgentConfig;
import org.capitania.agentruntime.Workspaces;
import org.capitania.agentruntime.run.ProcessInstance;
import org.capitania.agentruntime.workspace.Trigger;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.CurationRequest;
import org.capitania.contract.api.CurationView;
import org.capitania.contract.api.RegisterAgent;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Tells tool-registry which tools the workspace asks for, and the supervisor what wakes the agent and that it lives. No model is involved. */
@ApplicationScoped
class Registration {
    private static final Duration FIRST = Duration.ofSeconds(1);

    private final AgentConfig config;
    private final Workspaces workspaces;
    private final ProcessInstance instance;
    private final Peers peers;
    private final Clock clock;
    private final int port;
    private final Map<String, State> states = new ConcurrentHashMap<>();

    /**
     * How far a tenant is, and why not further.
     *
     * @param curated the version of the workspace whose tools were asked for; empty: none
     * @param registered the version that is registered; empty: none
     */
    record State(String curated, String registered, Instant due, String problem) {
        static final State NEW = new State("", "", Instant.EPOCH, "not tried yet");
    }

    Registration(
            AgentConfig config,
            Workspaces workspaces,
            ProcessInstance instance,
            Peers peers,
            Clock clock,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        this.config = config;
        this.workspaces = workspaces;
        this.instance = instance;
        this.peers = peers;
        this.clock = clock;
        this.port = port;
    }

    void start(@Observes StartupEvent event, Loops loops, Tenants tenants) {
        tenants.ids().forEach(tenant -> {
            states.put(tenant, State.NEW);
            loops.every("registration-" + tenant, FIRST, () -> renew(tenant));
        });
    }

    /** Empty when every tenant knows this agent, else what is missing. */
    Optional<String> missing() {
        String text = states.entrySet().stream()
                .filter(e -> e.getValue().registered().isEmpty())
                .map(e -> e.getKey() + ": " + e.getValue().problem())
                .sorted()
                .collect(Collectors.joining("; "));
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Now and then, and at once when the workspace has changed. */
    private void renew(String tenant) {
        Workspace workspace = workspaces.of(tenant);
        String version = workspace.version();
        State state = states.getOrDefault(tenant, State.NEW);
        if (state.registered().equals(version) && clock.instant().isBefore(state.due())) {
            return;
        }
        Scope scope = Scope.of(tenant, "agent:" + config.role(), "registration");
        try {
            if (!state.curated().equals(version)) {
                curate(scope, workspace);
                state = new State(version, state.registered(), Instant.EPOCH, "the supervisor does not know it yet");
                states.put(tenant, state);
            }
            RegisterAgent.Registered answer = peers.post(
                    Service.SUPERVISOR,
                    "/v1/agents/" + config.role() + "/register",
                    scope,
                    body(workspace),
                    RegisterAgent.Registered.class);
            states.put(tenant, new State(version, version, clock.instant().plusMillis(answer.renewAfterMs()), ""));
        } catch (CapitaniaException e) {
            // Once registered it stays ready: a supervisor that restarts is no reason to take the agent out.
            states.put(tenant, new State(state.curated(), state.registered(), Instant.EPOCH, e.detail()));
            Log.debugf("registration has to wait tenant=%s why=%s", tenant, e.detail());
        }
    }

    private void curate(Scope scope, Workspace workspace) {
        CurationView view = peers.post(
                Service.TOOL_REGISTRY,
                "/v1/agents/" + config.role() + "/curation",
                scope,
                new CurationRequest(
                        workspace.tools(),
                        workspace.version(),
                        workspace.subagents().stream()
                                .map(s -> new CurationRequest.Subagent(s.name(), s.tools(), s.project()))
                                .toList()),
                CurationView.class);
        if (!view.refused().isEmpty()) {
            Log.warnf("tools not granted agent=%s tools=%s", config.role(), view.refused());
        }
    }

    private RegisterAgent body(Workspace workspace) {
        List<RegisterAgent.Trigger> triggers =
                workspace.triggers().stream().map(Registration::trigger).toList();
        return new RegisterAgent(
                triggers, instance.id(), config.url().orElse("http://127.0.0.1:" + port), workspace.version());
    }

    private static RegisterAgent.Trigger trigger(Trigger trigger) {
        return new RegisterAgent.Trigger(
                trigger.event(),
                trigger.where().isEmpty()
                        ? null
                        : trigger.where().entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, e -> Json.tree(e.getValue()))));
    }
}
