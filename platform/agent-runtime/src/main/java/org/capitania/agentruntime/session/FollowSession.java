package org.capitania.agentruntime.session;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.capitania.agentruntime.session.LiveSessions.Piece;
import org.capitania.agentruntime.session.LiveSessions.Watch;
import org.capitania.agentruntime.session.SessionView.Entry;
import org.capitania.contract.Json;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Tells one reader of a session as server-sent events: {@code entry} for each entry of the store, under its
 * sequence, so that one who comes back misses none; {@code text} for what is being said meanwhile; {@code end}
 * when it is put away.
 */
@ApplicationScoped
class FollowSession {
    /** Between signs of life, and looks at the store unasked, since another process may write the session. */
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final SessionQueries sessions;
    private final LiveSessions live;

    FollowSession(SessionQueries sessions, LiveSessions live) {
        this.sessions = sessions;
        this.live = live;
    }

    /** How a session came to its end. */
    private record End(
            @Nullable String ending,
            @Nullable String code,
            @Nullable String reason) {}

    /**
     * Writes until the session is closed, the reader is gone, or the process ends.
     *
     * @param after the sequence of the last entry that the reader has; -1 for none
     */
    void follow(Scope scope, String sessionId, int after, OutputStream out, BooleanSupplier gone) throws IOException {
        int last = after;
        int spoken = -1;
        boolean look = false;
        write(out, "retry: 1000\n\n");
        try (Watch watch = live.watch(scope.tenant(), sessionId)) {
            do {
                if (watch.moved() || look) {
                    SessionView session = sessions.since(scope, sessionId, last);
                    for (Entry entry : Objects.requireNonNull(session.entries())) {
                        event(out, Integer.toString(entry.seq()), "entry", entry);
                        last = entry.seq();
                        spoken = entry.kind().equals("replied")
                                ? entry.body().path("turn").asInt()
                                : spoken;
                    }
                    if (session.closedAt() != null) {
                        event(out, null, "end", new End(session.ending(), session.code(), session.reason()));
                        out.flush();
                        return;
                    }
                }
                Optional<Piece> piece = watch.next();
                // What a reply said stands until it is appended; by then the reader may have it.
                if (piece.isPresent() && piece.get().turn() > spoken) {
                    event(out, null, "text", piece.get());
                } else {
                    write(out, ":\n\n");
                }
                out.flush();
                long begun = System.nanoTime();
                if (!watch.await(BEAT)) {
                    return;
                }
                look = System.nanoTime() - begun >= BEAT.toNanos();
            } while (!gone.getAsBoolean());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void event(OutputStream out, @Nullable String id, String name, Object data) throws IOException {
        write(out, (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: " + Json.write(data) + "\n\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
