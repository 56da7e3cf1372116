package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.capitania.contract.Service;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised to the outside answers: every route that only reads, every verb that only reads, and nothing without a token. */
class SurfaceIT {
    private static FleetUnderTest fleet;

    @BeforeAll
    static void up() {
        fleet = FleetUnderTest.shared();
    }

    @ParameterizedTest
    @CsvSource({
        "GRAPH_SERVICE, /v1/nodes?limit=2",
        "GRAPH_SERVICE, /v1/nodes/entity-northwind-library-trust",
        "GRAPH_SERVICE, /v1/nodes/entity-northwind-library-trust/history",
        "GRAPH_SERVICE, /v1/nodes/entity-northwind-library-trust/edges",
        "GRAPH_SERVICE, /v1/timeline?about=entity-northwind-library-trust",
        "GRAPH_SERVICE, /v1/types",
        "GRAPH_SERVICE, /v1/stats",
        "GRAPH_SERVICE, /v1/gaps",
        "GRAPH_SERVICE, /v1/gaps/unassigned_tasks",
        "GRAPH_SERVICE, /v1/projections",
        "TOOL_REGISTRY, /v1/tools",
        "TOOL_REGISTRY, /v1/agents/chief/tools?format=anthropic",
        "TOOL_REGISTRY, /v1/agents/chief/tools?format=openai",
        "TOOL_REGISTRY, /v1/agents/operator/tools?format=langchain4j",
        "TOOL_REGISTRY, /v1/agents/operator/tools?format=mcp",
        "TOOL_REGISTRY, /v1/actions",
        "TOOL_REGISTRY, /v1/llm-calls",
        "APPROVAL_SERVICE, /v1/proposals",
        "APPROVAL_SERVICE, /v1/reviews",
        "SUPERVISOR, /v1/agents",
        "SUPERVISOR, /v1/wakes",
        "SUPERVISOR, /v1/runs",
        "WATCHDOG, /v1/incidents",
        "INGEST_WORKERS, /v1/emails",
        "INGEST_WORKERS, /v1/workers",
    })
    void shouldAnswerEveryRouteThatReads(Service service, String path) {
        assertThat(fleet.get(service, path).isContainerNode()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void shouldTellItsHealthToAnybodyAndNothingElse(Service service) throws IOException, InterruptedException {
        assertThat(status(service, "/q/health/live")).isEqualTo(200);
        assertThat(status(service, "/q/health/ready")).isEqualTo(200);
        assertThat(status(service, "/q/health/started")).isEqualTo(200);
        assertThat(status(service, "/q/metrics")).isEqualTo(200);
        assertThat(status(service, "/v1/anything")).isEqualTo(401);
        assertThat(status(service, "/q/openapi")).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "tools list",
                "types",
                "gap list",
                "gap show unassigned_tasks",
                "timeline --about entity-northwind-library-trust",
                "as-of 2100-01-01 describe entity-northwind-library-trust",
                "agent status",
                "agent presence",
                "events topics",
                "proposal list",
                "search Northwind",
                "describe entity-northwind-library-trust",
                "history entity-northwind-library-trust",
            })
    void shouldAnswerEveryVerbThatReads(String verb) {
        FleetUnderTest.Answer answer = fleet.hq((verb + " --json").split(" "));

        assertThat(answer.exit()).as(answer.err()).isZero();
        assertThat(answer.json().path("ok").asBoolean()).isTrue();
        assertThat(answer.data().isMissingNode()).isFalse();
    }

    @Test
    void shouldFindNoDifferenceBetweenTheGraphAndItsTopics() {
        FleetUnderTest.Answer answer = fleet.hq("state", "rebuild", "--check", "--json");

        assertThat(answer.exit()).as(answer.err()).isZero();
        assertThat(answer.data().path("nodes").asInt()).isGreaterThan(20);
        assertThat(answer.data().path("edges").asInt()).isGreaterThan(20);
        assertThat(answer.data().path("differences").asInt(-1)).isZero();
    }

    @Test
    void shouldSayWhatIsWrongWhenAVerbIsUnknown() {
        FleetUnderTest.Answer answer = fleet.hq("nonsense");

        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err()).contains("nonsense");
    }

    private static int status(Service service, String path) throws IOException, InterruptedException {
        // As whoever scrapes does: without an upgrade to HTTP/2 on the way, which once lost a long answer.
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                            HttpRequest.newBuilder(fleet.address(service, path))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
