package org.capitania.agentruntime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.capitania.agentruntime.session.LiveSessions.Piece;
import org.capitania.agentruntime.session.LiveSessions.Watch;
import org.capitania.agentruntime.transcript.Ticket;
import org.junit.jupiter.api.Test;

class LiveSessionsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final LiveSessions live = new LiveSessions();

    @Test
    void shouldTellAPieceOnceAndToThoseWhoComeLaterAllOfIt() {
        try (Watch early = live.watch("main", "s1")) {
            say("s1", "c1", "Dear ");
            assertThat(early.next()).contains(new Piece(1, "c1", 0, "Dear "));
            say("s1", "c1", "Ana");
            try (Watch late = live.watch("main", "s1")) {
                assertThat(late.next()).contains(new Piece(1, "c1", 0, "Dear Ana"));
                assertThat(late.next()).isEmpty();
            }
            assertThat(early.next()).contains(new Piece(1, "c1", 5, "Ana"));
            assertThat(early.next()).isEmpty();
        }
    }

    @Test
    void shouldBeginAnewWithEachAttemptAlsoUnderTheSameId() {
        try (Watch watch = live.watch("main", "s1")) {
            say("s1", "c1", "half an ans");
            assertThat(watch.next()).isPresent();
            live.moved("main", "s1");
            say("s1", "c1", "A");
            assertThat(watch.next()).contains(new Piece(1, "c1", 0, "A"));
            say("s1", "c1-r1", "B");
            assertThat(watch.next()).contains(new Piece(1, "c1-r1", 0, "B"));
        }
    }

    @Test
    void shouldForgetWhatWasSaidOnceTheSessionMoves() {
        try (Watch watch = live.watch("main", "s1")) {
            assertThat(watch.moved()).as("at first everything is new").isTrue();
            assertThat(watch.moved()).isFalse();
            say("s1", "c1", "x");
            live.moved("main", "s1");
            assertThat(watch.moved()).isTrue();
            assertThat(watch.next()).isEmpty();
        }
        assertThat(live.size()).isZero();
        say("s2", "c1", "nobody listens");
        assertThat(live.size()).isEqualTo(1);
        live.moved("main", "s2");
        assertThat(live.size()).isZero();
    }

    @Test
    void shouldKeepTheEndOfALongReplyAndNoMore() {
        try (Watch watch = live.watch("main", "s1")) {
            for (int i = 0; i < LiveSessions.LONGEST; i++) {
                say("s1", "c1", "ab");
            }
            Piece kept = watch.next().orElseThrow();
            assertThat(kept.text()).hasSize(LiveSessions.LONGEST).endsWith("ab");
            assertThat(kept.from()).isEqualTo(LiveSessions.LONGEST);
            say("s1", "c1", "\uD83D\uDE00");
            say("s1", "c1", "x".repeat(LiveSessions.LONGEST - 1));
            assertThat(watch.next().orElseThrow().text())
                    .as("no half of a character")
                    .startsWith("x");
        }
    }

    @Test
    void shouldTellNobodyOfAnotherTenantOrSession() {
        try (Watch tenant = live.watch("other", "s1");
                Watch session = live.watch("main", "s2")) {
            say("s1", "c1", "secret");
            live.moved("main", "s1");
            assertThat(tenant.next()).isEqualTo(Optional.empty());
            assertThat(session.next()).isEqualTo(Optional.empty());
            assertThat(tenant.moved() && session.moved()).isTrue();
            live.moved("main", "s1");
            assertThat(tenant.moved() || session.moved()).isFalse();
        }
    }

    @Test
    void shouldWakeWhoWaits() throws InterruptedException {
        try (Watch watch = live.watch("main", "s1")) {
            assertThat(watch.moved()).isTrue();
            CountDownLatch woken = new CountDownLatch(1);
            Thread.startVirtualThread(() -> {
                try {
                    if (watch.await(LONG)) {
                        woken.countDown();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            say("s1", "c1", "x");
            assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void say(String session, String callId, String text) {
        live.said(new Ticket("main", "chief", session, "t1", "r1", 7), 1, callId, text);
    }
}
