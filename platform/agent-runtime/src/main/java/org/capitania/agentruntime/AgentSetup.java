package org.capitania.agentruntime;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.capitania.agentruntime.loop.Caps;
import org.capitania.agentruntime.loop.Gateway;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.loop.TaskLoop;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.Models;
import org.capitania.agentruntime.rehearsal.RehearsalJournal;
import org.capitania.agentruntime.rehearsal.RehearsalModel;
import org.capitania.agentruntime.session.Sessions;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.agentruntime.workspace.WorkspaceFiles;
import org.capitania.agentruntime.workspace.WorkspaceParser;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts an agent together from its configuration. A workspace that is wrong, or a model nobody knows, stops the start. */
@ApplicationScoped
class AgentSetup {
    @Produces
    @Singleton
    @Startup
    Workspace workspace(AgentConfig config) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        WorkspaceFiles builtIn = WorkspaceFiles.onClassPath(loader);
        WorkspaceFiles files = config.workspace()
                .map(folder -> WorkspaceFiles.inFolder(folder, builtIn))
                .orElse(builtIn);
        return WorkspaceParser.parse(config.role(), files);
    }

    @Produces
    @Singleton
    @Startup
    Model model(
            @ConfigProperty(name = "hq.model", defaultValue = RehearsalModel.NAME) String name,
            Workspace workspace,
            Models models,
            RehearsalJournal journal) {
        if (name.equals(RehearsalModel.NAME)) {
            Log.infof("agent=%s plays with the rehearsal model, which is not a language model", workspace.role());
            return new RehearsalModel(workspace.company(), journal);
        }
        Log.infof("agent=%s uses the models of %s", workspace.role(), name);
        return models.of(name);
    }

    @Produces
    @Singleton
    TaskLoop loop(
            AgentConfig config,
            Workspace workspace,
            Model model,
            Gateway gateway,
            SessionStore store,
            Sessions sessions) {
        return new TaskLoop(
                workspace,
                model,
                gateway,
                store,
                new Caps(workspace.budget(), sessions::largeTurnsToday),
                config.gatewayPatience());
    }
}
