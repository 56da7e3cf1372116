package org.capitania.agentruntime.session;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.transcript.Ticket;

/**
 * What is being said in the sessions of this process, in memory, for those who watch. It is no state: what
 * counts is appended to the session store, and once it is there, or never will be, it is forgotten here.
 */
@ApplicationScoped
public class LiveSessions {
    /** In characters of one reply; of a longer one the end is kept. */
    static final int LONGEST = 16_384;

    /**
     * Something that was said.
     *
     * @param callId of the model's call
     * @param from where in the reply the text begins; at 0 the reply begins, perhaps anew
     */
    record Piece(int turn, String callId, long from, String text) {}

    private record Id(String tenant, String session) {}

    private static final class Live {
        private final StringBuilder text = new StringBuilder();
        private String callId = "";
        private int turn;
        private long replies;
        private long dropped;
        private long moves;
        private int watchers;

        private void begin(int inTurn, String call) {
            text.setLength(0);
            replies++;
            turn = inTurn;
            callId = call;
            dropped = 0;
        }

        private long end() {
            return dropped + text.length();
        }
    }

    private final Map<Id, Live> sessions = new HashMap<>();
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean stopping;

    /** A stop waits for requests to end, and a watcher's never does by itself. */
    @PostConstruct
    void endWithTheProcess() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "live-sessions-end"));
    }

    /** The model, heard by whoever watches the session in which it is asked. */
    public Model heard(Model model) {
        return new HeardModel(model, this);
    }

    /** A piece of what is said in a turn. */
    void said(Ticket ticket, int turn, String callId, String piece) {
        locked(() -> {
            Live live = sessions.computeIfAbsent(new Id(ticket.tenant(), ticket.sessionId()), id -> new Live());
            if (!live.callId.equals(callId)) {
                live.begin(turn, callId);
            }
            live.text.append(piece);
            int over = live.text.length() - LONGEST;
            if (over > 0) {
                int cut = Character.isLowSurrogate(live.text.charAt(over)) ? over + 1 : over;
                live.text.delete(0, cut);
                live.dropped += cut;
            }
            changed.signalAll();
        });
    }

    /** The session has got further, or does not: what was being said is in its entries by now, or nowhere. */
    void moved(String tenant, String session) {
        locked(() -> {
            Id id = new Id(tenant, session);
            Live live = sessions.get(id);
            if (live != null) {
                live.begin(0, "");
                live.moves++;
                forgetUnwatched(id, live);
                changed.signalAll();
            }
        });
    }

    /** Watches a session, whether or not it is there. */
    Watch watch(String tenant, String session) {
        lock.lock();
        try {
            Id id = new Id(tenant, session);
            Live live = sessions.computeIfAbsent(id, i -> new Live());
            live.watchers++;
            return new Watch(id, live);
        } finally {
            lock.unlock();
        }
    }

    /** How many sessions something is kept of. */
    int size() {
        lock.lock();
        try {
            return sessions.size();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        locked(() -> {
            stopping = true;
            changed.signalAll();
        });
    }

    private void forgetUnwatched(Id id, Live live) {
        if (live.watchers == 0 && live.callId.isEmpty()) {
            sessions.remove(id);
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** One who watches. For one thread. */
    final class Watch implements AutoCloseable {
        private final Id id;
        private final Live live;
        private long moves = -1;
        private long reply = -1;
        private long told;

        private Watch(Id id, Live live) {
            this.id = id;
            this.live = live;
        }

        /** Waits for something new, at most so long; false when the process ends. */
        boolean await(Duration most) throws InterruptedException {
            lock.lock();
            try {
                long left = most.toNanos();
                while (!stopping && left > 0 && moves == live.moves && !unheard()) {
                    left = changed.awaitNanos(left);
                }
                return !stopping;
            } finally {
                lock.unlock();
            }
        }

        /** Whether the session has got further since this was asked last; at first it has. */
        boolean moved() {
            lock.lock();
            try {
                boolean moved = moves != live.moves;
                moves = live.moves;
                return moved;
            } finally {
                lock.unlock();
            }
        }

        /** What was said since this was asked last. */
        Optional<Piece> next() {
            lock.lock();
            try {
                if (!unheard()) {
                    return Optional.empty();
                }
                long from = Math.max(live.replies == reply ? told : 0, live.dropped);
                reply = live.replies;
                told = live.end();
                return Optional.of(
                        new Piece(live.turn, live.callId, from, live.text.substring((int) (from - live.dropped))));
            } finally {
                lock.unlock();
            }
        }

        private boolean unheard() {
            return !live.callId.isEmpty() && (live.replies != reply || live.end() > told);
        }

        @Override
        public void close() {
            locked(() -> {
                live.watchers--;
                forgetUnwatched(id, live);
            });
        }
    }
}
