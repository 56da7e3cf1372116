package org.capitania.approval.proposal;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.testkit.TestTokens;

/** What people and the gateway ask of a proposal, over HTTP. */
final class ProposalCalls {
    @FunctionalInterface
    interface Call {
        Response call();
    }

    private ProposalCalls() {}

    static RequestSpecification as(String principal) {
        return given().auth().oauth2(TestTokens.bearer(principal, Service.APPROVAL_SERVICE));
    }

    static Response post(String principal, UUID id, String verb, Map<String, Object> body) {
        return as(principal).contentType(ContentType.JSON).body(body).post("/v1/proposals/{id}/{verb}", id, verb);
    }

    static Response approve(String principal, UUID id, String digest) {
        return post(principal, id, "approve", Map.of("digest", digest));
    }

    static Response reject(String principal, UUID id) {
        return post(principal, id, "reject", Map.of("reason", "too curt"));
    }

    static Response edit(UUID id, String subject, String digest) {
        return post(
                "user:owner",
                id,
                "edit",
                Map.of("arguments", Json.convert(Frozen.arguments(subject, "Hello Ana"), Map.class), "digest", digest));
    }

    static Response claim(UUID id, String key) {
        return post("system:tool-registry", id, "claim", Map.of("claim_key", key));
    }

    static Response report(UUID id, String key, String status) {
        return post(
                "system:tool-registry",
                id,
                "report",
                Map.of(
                        "claim_key",
                        key,
                        "status",
                        status,
                        "reason",
                        "because",
                        "result",
                        Map.of("message_id", "<1@capitania.example>")));
    }

    static List<Response> atOnce(Call... calls) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.length)) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Response>> running = Arrays.stream(calls)
                    .map(call -> threads.submit(() -> {
                        start.await();
                        return call.call();
                    }))
                    .toList();
            start.countDown();
            List<Response> answers = new ArrayList<>();
            for (Future<Response> f : running) {
                answers.add(f.get());
            }
            return answers;
        }
    }
}
