package org.capitania.agentruntime;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import org.capitania.agentruntime.loop.Gateway;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.loop.SpendingCheck;
import org.capitania.agentruntime.loop.TaskLoop;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.Models;
import org.capitania.agentruntime.rehearsal.RehearsalConfig;
import org.capitania.agentruntime.rehearsal.RehearsalJournal;
import org.capitania.agentruntime.rehearsal.RehearsalModel;
import org.capitania.agentruntime.session.LiveSessions;
import org.capitania.agentruntime.session.Sessions;
import org.capitania.agentruntime.subagent.Subagents;
import org.capitania.servicekit.Tenants;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts an agent together from its configuration. A model nobody knows stops the start. */
@ApplicationScoped
class AgentSetup {
    @Produces
    @Singleton
    @Startup
    Model model(
            @ConfigProperty(name = "hq.model", defaultValue = RehearsalModel.NAME) String name,
            AgentConfig config,
            Workspaces workspaces,
            Models models,
            RehearsalConfig rehearsal,
            RehearsalJournal journal,
            LiveSessions live) {
        if (name.equals(RehearsalModel.NAME)) {
            Log.infof("agent=%s plays with the rehearsal model, which is not a language model", config.role());
            return live.heard(new RehearsalModel(
                    tenant -> workspaces.of(tenant).company(),
                    journal,
                    rehearsal.seed(),
                    rehearsal.faults().orElse(List.of())));
        }
        Log.infof("agent=%s uses the models of %s", config.role(), name);
        return live.heard(models.of(name));
    }

    @Produces
    @Singleton
    TaskLoop loop(
            AgentConfig config,
            Workspaces workspaces,
            Model model,
            Gateway gateway,
            SessionStore store,
            Sessions sessions,
            Clock clock,
            MeterRegistry meters,
            Tenants tenants) {
        tenants.ids().forEach(tenant -> Subagents.count(meters, workspaces.of(tenant)));
        return new TaskLoop(
                workspaces::of,
                model,
                gateway,
                store,
                config.gatewayPatience(),
                clock,
                SpendingCheck.NONE,
                new Subagents(model, gateway, store, sessions::forSubagent, config.gatewayPatience(), clock, meters));
    }
}
