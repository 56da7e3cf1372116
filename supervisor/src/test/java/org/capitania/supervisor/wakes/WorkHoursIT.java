package org.capitania.supervisor.wakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.capitania.contract.event.AgentWake;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.Events;
import org.junit.jupiter.api.Test;

/** An agent that does not work now. */
@QuarkusTest
@TestProfile(WorkHoursIT.Later.class)
class WorkHoursIT extends SupervisorIT {

    /** Chief works in a few hours, for one. */
    public static final class Later implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
            return Map.of("hq.roster.hours.chief", now.plusHours(5) + "-" + now.plusHours(6));
        }
    }

    @Test
    void shouldWakeOutsideItsHoursOnlyForWhatIsUrgent() {
        // Given
        registerChief();
        // When
        String mail = mail(conversation());
        awaitRouted(mail);
        await().atMost(PATIENCE)
                .until(() -> String.valueOf(agent("chief").held()).startsWith("chief works "));
        String dm = Events.publish("owner.dm", "m-1", Map.of("text", "are you there?"));
        // Then
        AgentWake wake = claim(awaitWake(1));
        assertThat(eventsOf(wake)).containsExactly(dm);
        String another = mail(conversation());
        awaitRouted(another);
        finish(wake);
        await().atMost(PATIENCE)
                .until(() -> String.valueOf(agent("chief").held()).startsWith("chief works "));
        assertThat(strings("SELECT state FROM fleet.tasks ORDER BY opened_at"))
                .containsExactly("queued", "finished", "queued");
        assertThat(chief.ofType(AgentWake.TYPE))
                .filteredOn(SupervisorIT::ofThisTest)
                .hasSize(1);
    }
}
