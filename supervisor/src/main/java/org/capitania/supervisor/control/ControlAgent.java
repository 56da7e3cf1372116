package org.capitania.supervisor.control;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.PauseAgent;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.supervisor.mailbox.WithdrawAsks;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.wakes.StopRun;

/**
 * What a person says to an agent's being awake. The gateway speaks for agents whose call a person has approved, and for who killed a loop; the
 * watchdog may pause as well, but does not undo what a person said.
 */
@ApplicationScoped
class ControlAgent {
    private static final String WATCHDOG = "system:" + Service.WATCHDOG.wireName();
    private static final String GATEWAY = "system:" + Service.TOOL_REGISTRY.wireName();

    private final Sql sql;
    private final AgentStore agents;
    private final StopRun stop;
    private final WithdrawAsks asks;

    ControlAgent(Sql sql, AgentStore agents, StopRun stop, WithdrawAsks asks) {
        this.sql = sql;
        this.agents = agents;
        this.stop = stop;
        this.asks = asks;
    }

    /** Holds until its time is over or someone resumes it; a run that is going on is told to stop, and what it was asked is not waited for. */
    void pause(Scope scope, Caller caller, String role, PauseAgent pause) {
        // The gateway says so for whoever killed the loop, under its own checks; it can stop an agent and never wake
        // one.
        if (!caller.principal().equals(GATEWAY)) {
            requirePersonOrWatchdog(caller);
        }
        var length = pause.duration() == null ? null : ShortDuration.parse(pause.duration());
        String reason = pause.reason() == null ? scope.reason() : pause.reason();
        sql.run(scope, tx -> {
            Agent agent = agents.lock(tx, role);
            Agent.Pause present = agent.pause();
            if (present != null && byPerson(present) && !caller.isPerson()) {
                // A person's pause is neither shortened nor renamed.
                return;
            }
            agents.pause(tx, role, caller.actor(), reason, length);
            stop.ofRole(tx, role, "paused by " + caller.actor());
            asks.ofRole(tx, role);
        });
    }

    void resume(Scope scope, Caller caller, String role) {
        if (!approved(caller)) {
            requirePersonOrWatchdog(caller);
        }
        sql.run(scope, tx -> {
            Agent.Pause present = agents.lock(tx, role).pause();
            if (present != null && byPerson(present) && caller.principal().equals(WATCHDOG)) {
                throw new CapitaniaException(
                        ErrorCode.DENIED, role + " is " + present.sentence() + "; only a person resumes it");
            }
            agents.resume(tx, role);
            stop.hasten(tx, role);
        });
    }

    /**
     * Ends the run that is going on and begins again at once with whatever is open.
     *
     * @param fresh whether in fresh sessions; else each goes on where it stood
     */
    void restart(Scope scope, Caller caller, String role, boolean fresh) {
        requirePersonOrApproval(caller, "restart");
        sql.run(scope, tx -> {
            agents.lock(tx, role);
            if (fresh) {
                agents.freshen(tx, role);
            }
            agents.startAgain(tx, role);
            stop.ofRole(tx, role, "restarted by " + caller.actor());
            stop.hasten(tx, role);
        });
    }

    /** Lets sessions that live end at their next step, with a memo, and go on in fresh ones; the run goes on. */
    void handover(Scope scope, Caller caller, String role) {
        requirePersonOrApproval(caller, "hand over");
        sql.run(scope, tx -> {
            agents.lock(tx, role);
            agents.freshen(tx, role);
        });
    }

    /** Whether the gateway speaks for an agent: such a call waits there for a person ({@code agent_control}). */
    private static boolean approved(Caller caller) {
        return caller.principal().equals(GATEWAY) && caller.actor().startsWith("agent:");
    }

    private static void requirePersonOrApproval(Caller caller, String what) {
        if (!caller.isPerson() && !approved(caller)) {
            throw new CapitaniaException(ErrorCode.DENIED, caller.principal() + " may not " + what + " an agent");
        }
    }

    private static void requirePersonOrWatchdog(Caller caller) {
        if (!caller.isPerson() && !caller.principal().equals(WATCHDOG)) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, caller.principal() + " may neither pause nor resume an agent; a person may");
        }
    }

    private static boolean byPerson(Agent.Pause pause) {
        return pause.by().startsWith("user:");
    }
}
