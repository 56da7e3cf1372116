package org.capitania.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.ReportRequest;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.contract.event.ProposalChanged;
import org.capitania.registry.freezing.Canonical;
import org.capitania.testkit.Events;
import org.capitania.testkit.TestKafka;
import org.capitania.testkit.TestTokens;

/** Frozen calls as a test looks at them, approves them, and hears what came of it. */
public final class Approved {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Approved() {}

    public static FrozenCall frozen(ToolResult result) {
        assertThat(result.proposalId()).as("%s", result).isNotNull();
        return Json.read(
                Fleet.as("user:owner")
                        .get("/v1/frozen-calls/{id}", result.proposalId())
                        .asString(),
                FrozenCall.class);
    }

    /** The owner says yes, and the bell rings. */
    public static void approve(FakeApprovals approvals, FrozenCall frozen) {
        approvals.approve(frozen);
        ring(frozen);
    }

    public static void ring(FrozenCall frozen) {
        Events.publish("proposal.approved", frozen.proposalId(), event(frozen));
    }

    /** A person edits what waits, through approval-service. */
    public static Response edit(String proposal, Object arguments) {
        String token = TestTokens.onBehalfOf("system:approval-service", "user:owner", Service.TOOL_REGISTRY, "main");
        return RestAssured.given()
                .contentType(ContentType.JSON)
                .header("Authorization", "Bearer " + token)
                .body(Json.write(Map.of("arguments", arguments, "by", "user:owner")))
                .post("/v1/frozen-calls/{id}/revisions", proposal);
    }

    /** What approval-service says of it. */
    public static ProposalChanged event(FrozenCall frozen) {
        return new ProposalChanged(
                frozen.proposalId(),
                "approved",
                frozen.revision(),
                frozen.digest(),
                frozen.tool(),
                frozen.agent(),
                frozen.taskId(),
                frozen.conversationId(),
                "user:owner",
                null,
                null,
                Instant.parse("2026-11-20T10:00:00Z"));
    }

    /** The first report about it. */
    public static ReportRequest reported(FakeApprovals approvals, FrozenCall frozen) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            Fleet.guardiansLive();
            return !approvals.reports(frozen.proposalId()).isEmpty();
        });
        return approvals.reports(frozen.proposalId()).getFirst();
    }

    /** The mails that left for a business key. */
    public static List<Path> mails(String businessKey) {
        String stem = Canonical.sha256(businessKey).substring(0, 32);
        return mails().stream()
                .filter(f -> f.getFileName().toString().startsWith(stem))
                .toList();
    }

    /** Every mail that ever left. */
    public static List<Path> mails() {
        try (Stream<Path> files = Files.list(TestKafka.shared().sentMail())) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
