package org.capitania.supervisor.wakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway that answers nothing for one tenant. */
@QuarkusTest
class TenantsApartIT extends SupervisorIT {
    /** Less than a call of a peer may take: whoever waits behind it comes too late. */
    private static final Duration BEFORE_IT_GIVES_UP = Duration.ofSeconds(8);

    private final CountDownLatch release = new CountDownLatch(1);
    private final Set<String> hanging = ConcurrentHashMap.newKeySet();

    @AfterEach
    void letGo() {
        release.countDown();
    }

    @Test
    void shouldDispatchForOthersWhileTheGatewayHangsForOne() {
        // Given
        registerChief();
        sql(
                "UPDATE fleet.agents SET triggers = '[{\"event\": \"email.received\"}]' WHERE tenant_id = 'other' AND role = 'chief'");
        peers.on("POST", "/v1/(fences|heartbeats)", this::hangForTheOther);
        String conversation = conversation();
        Events.publish(
                "hq.email",
                "test:" + UUID.randomUUID(),
                "email.received",
                "other",
                conversation,
                Map.of("conversation_id", conversation));
        await().atMost(PATIENCE).until(() -> hanging.size() == 2);
        int lifeBefore = signsOfLife();
        // When
        mail(conversation());
        // Then
        await().atMost(BEFORE_IT_GIVES_UP)
                .until(() -> wakes().stream().anyMatch(wake -> wake.state().equals("published")));
        await().atMost(BEFORE_IT_GIVES_UP).until(() -> signsOfLife() > lifeBefore);
        assertThat(release.getCount()).as("still waited for").isPositive();
    }

    private Object hangForTheOther(FakePeers.Request request) {
        if (request.tenant().equals("other")) {
            hanging.add(request.path());
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return Map.of();
    }

    private int signsOfLife() {
        return (int) peers.requests("POST", "/v1/heartbeats").stream()
                .filter(request -> request.tenant().equals("main"))
                .count();
    }
}
