package org.capitania.supervisor.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.RegisterAgent.Trigger;
import org.capitania.contract.event.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggersTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "email.received, email.received, -, true",
                "email.received, email.thread.updated, -, false",
                "email.*, email.thread.updated, -, true",
                "email.*, email, -, false",
                "emai*.received, email.received, -, true",
                "task.assigned_to.operator, task.assigned_to, operator, true",
                "task.assigned_to.operator, task.assigned_to, chief, false",
                "task.assigned_to.project:*, task.assigned_to, project:reading-festival, true",
                "task.assigned_to.project:*, task.assigned_to, tiago-seixas, false",
                "task.assigned_to.operator, task.assigned_to, operator-of-the-crane, false",
                "feature.status_changed.*, feature.status_changed, shipped, true",
                "task.assigned_to, task.assigned_to, operator, true",
                "a.b, a+b, -, false"
            })
    void shouldMatchTypesBySegments(String pattern, String type, String subject, boolean matches) {
        assertThat(new TypePattern(pattern).matches(event(type, subject, "{}"))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'answerable':true} | {'answerable':true} | true",
                "{'answerable':true} | {'answerable':'true'} | false",
                "{'answerable':true} | {} | false",
                "{'from.address':'a@b.example'} | {'from':{'address':'a@b.example'}} | true",
                "{'attachments':2} | {'attachments':2.0} | true",
                "{'status':['rejected','failed']} | {'status':'failed'} | true",
                "{'status':['rejected','failed']} | {'status':'executed'} | false",
                "{'agent':'agent:chief','status':'failed'} | {'agent':'agent:operator','status':'failed'} | false"
            })
    void shouldCompareMembersWithTheCondition(String where, String data, boolean wakes) {
        // Given
        JsonNode condition = Json.read(where.replace('\'', '"'), JsonNode.class);
        Trigger trigger = new Trigger("email.received", Json.MAPPER.convertValue(condition, conditions()));
        // When
        Triggers.Verdict verdict =
                Triggers.judge("chief", List.of(trigger), event("email.received", null, data.replace('\'', '"')));
        // Then
        assertThat(verdict.wakes()).isEqualTo(wakes);
    }

    @Test
    void shouldSayWhyAnEventWakesNobody() {
        assertThat(Triggers.judge("chief", List.of(), event("kb.ingest.completed", null, "{}"))
                        .why())
                .isEqualTo("no trigger for kb.ingest.completed");
    }

    @ParameterizedTest
    @CsvSource({"agent:operator, false", "agent:chief, true", "user:owner, true"})
    void shouldWakeAnAgentForAChangeOnlyWhenAnotherAskedForIt(String by, boolean wakes) {
        Event asked = event("proposal.requested", null, "{\"kind\":\"migration\",\"by\":\"" + by + "\"}");

        assertThat(Triggers.judge("operator", List.of(new Trigger("proposal.requested", null)), asked)
                        .wakes())
                .isEqualTo(wakes);
    }

    private static com.fasterxml.jackson.core.type.TypeReference<Map<String, JsonNode>> conditions() {
        return new com.fasterxml.jackson.core.type.TypeReference<>() {};
    }

    private static Event event(String type, String subject, String data) {
        return new Event(
                "e:1",
                type,
                "/test",
                subject,
                Instant.EPOCH,
                "main",
                "system:test",
                null,
                null,
                null,
                null,
                "k",
                Json.read(data, JsonNode.class));
    }
}
