package org.capitania.registry.execution;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.ProposalChanged;
import org.capitania.registry.freezing.FrozenCalls;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Outcome;
import org.capitania.servicekit.Tx;

/** Hears what becomes of proposals. An approval opens an execution, which then asks approval-service itself: the event is no authority. */
@ApplicationScoped
public class ProposalDoorbell {
    private final Loops loops;
    private final Executions executions;
    private final FrozenCalls frozenCalls;

    ProposalDoorbell(Loops loops, Executions executions, FrozenCalls frozenCalls) {
        this.loops = loops;
        this.executions = executions;
        this.frozenCalls = frozenCalls;
    }

    /** Whether the event is of a kind that is heard here. */
    public static boolean hears(String type) {
        return type.startsWith(ProposalChanged.PREFIX);
    }

    public Outcome handle(Event event, InboxScope inbox) {
        switch (event.type().substring(ProposalChanged.PREFIX.length())) {
            case "approved" -> {
                ProposalChanged change = event.as(ProposalChanged.class);
                inbox.run(tx -> ring(tx, change));
            }
            // Its end frees the business key; while it is stale or in doubt the key stays taken.
            case "rejected", "expired", "executed", "failed" -> {
                ProposalChanged change = event.as(ProposalChanged.class);
                inbox.run(tx -> frozenCalls.release(tx, change.proposalId()));
            }
            default -> {
                return Outcome.DONE;
            }
        }
        return Outcome.DONE;
    }

    private void ring(Tx tx, ProposalChanged change) {
        executions.open(tx, change.proposalId(), change.revision());
        tx.afterCommit(() -> loops.wake(ExecutionLoop.NAME));
    }
}
