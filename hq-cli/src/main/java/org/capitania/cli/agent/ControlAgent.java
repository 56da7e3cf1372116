package org.capitania.cli.agent;

import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Answer;
import org.capitania.cli.call.Api;
import org.capitania.contract.Service;
import org.capitania.contract.api.PauseAgent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq agent pause|resume|restart|handover}: the owner's instruction, kept across restarts. */
public abstract class ControlAgent extends Verb {
    @Parameters(paramLabel = "ROLE", description = "the agent, for example chief")
    String role = "";

    private final String instruction;

    ControlAgent(String instruction, Environment environment) {
        super("agent." + instruction, environment);
        this.instruction = instruction;
    }

    abstract @Nullable Object body();

    abstract String done();

    /** What the instruction says beside its name. */
    String query() {
        return "";
    }

    @Override
    protected Reply run() {
        Answer answer =
                api().post(Service.SUPERVISOR, Api.path("/v1/agents/", role) + "/" + instruction + query(), body());
        return Reply.of(action(), answer.body(), screen -> screen.line(role + " " + done()))
                .withAudit(answer.auditEventId());
    }

    /** {@code hq agent pause}. */
    @Command(name = "pause", description = "It wakes for nothing until it is resumed, also after a restart.")
    public static final class Pause extends ControlAgent {
        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "resume by itself after this, for example 30m or 2h")
        @Nullable
        String duration;

        public Pause(Environment environment) {
            super("pause", environment);
        }

        @Override
        Object body() {
            return new PauseAgent(reason(), duration);
        }

        @Override
        String done() {
            return "is paused" + (duration == null ? "" : " for " + duration);
        }
    }

    /** {@code hq agent resume}. */
    @Command(name = "resume", description = "It may wake again; what came meanwhile waits for it.")
    public static final class Resume extends ControlAgent {
        public Resume(Environment environment) {
            super("resume", environment);
        }

        @Override
        @Nullable
        Object body() {
            return null;
        }

        @Override
        String done() {
            return "is resumed";
        }
    }

    /** {@code hq agent restart}. */
    @Command(name = "restart", description = "Its run ends and is begun again where it stood.")
    public static final class Restart extends ControlAgent {
        @Option(
                names = "--fresh-session",
                description = "begin its tasks anew, with what the sessions so far leave behind")
        boolean freshSession;

        public Restart(Environment environment) {
            super("restart", environment);
        }

        @Override
        @Nullable
        Object body() {
            return null;
        }

        @Override
        String query() {
            return freshSession ? "?fresh_session=true" : "";
        }

        @Override
        String done() {
            return freshSession ? "is restarted in a fresh session" : "is restarted";
        }
    }

    /** {@code hq agent handover}. */
    @Command(
            name = "handover",
            description = "Its session ends at its next step, with a memo, and its task goes on in a fresh one.")
    public static final class Handover extends ControlAgent {
        public Handover(Environment environment) {
            super("handover", environment);
        }

        @Override
        @Nullable
        Object body() {
            return null;
        }

        @Override
        String done() {
            return "hands over at its next step";
        }
    }
}
