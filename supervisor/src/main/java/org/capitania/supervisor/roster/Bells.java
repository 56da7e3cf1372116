package org.capitania.supervisor.roster;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Tx;

/** Wakes the loops of this process once a change they wait for is committed. They look by themselves as well: a bell only saves time. */
@ApplicationScoped
public class Bells {
    public static final String PRESENCE = "presence";

    private final Loops loops;

    Bells(Loops loops) {
        this.loops = loops;
    }

    /** The loop that dispatches the wakes of a tenant. */
    public static String dispatcher(String tenant) {
        return "dispatcher-" + tenant;
    }

    /** The loop that has stopped agents of a tenant started, where there is one. */
    public static String starter(String tenant) {
        return "start-agents-" + tenant;
    }

    /** A wake is held: perhaps its agent is stopped. */
    public void held(Tx tx) {
        tx.afterCommit(() -> loops.wake(starter(tx.scope().tenant())));
    }

    /** A wake may have become due. */
    public void dispatch(Tx tx) {
        tx.afterCommit(() -> loops.wake(dispatcher(tx.scope().tenant())));
    }

    /** A run or a pause has begun or ended, which may also let a wake go on. */
    public void all(Tx tx) {
        tx.afterCommit(() -> {
            loops.wake(PRESENCE);
            loops.wake(dispatcher(tx.scope().tenant()));
        });
    }
}
