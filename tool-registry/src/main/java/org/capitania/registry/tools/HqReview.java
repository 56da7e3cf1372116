package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.ReviewDecision;
import org.capitania.contract.api.ReviewList;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;

/** The questions that wait for a person, and the owner's answers to them. */
@ApplicationScoped
class HqReview implements ToolHandler {
    private final Peers peers;

    HqReview(Peers peers) {
        this.peers = peers;
    }

    @Override
    public String tool() {
        return "hq_review";
    }

    @Override
    public Result call(Call call) {
        return switch (call.verb().name()) {
            case "list" -> list(call);
            case "resolve", "defer", "dismiss" -> decide(call);
            default ->
                throw new IllegalStateException("no action " + call.verb().name());
        };
    }

    private Result list(Call call) {
        String status = call.textOrNull("status");
        return result(peers.get(
                        Service.APPROVAL_SERVICE,
                        "/v1/reviews?status=" + (status == null ? "open" : status),
                        call.scope(),
                        ReviewList.class,
                        PeerOptions.DEFAULT.onBehalfOf(call.actor()))
                .items());
    }

    private Result decide(Call call) {
        String until = call.textOrNull("until");
        ReviewDecision decision;
        try {
            decision = new ReviewDecision(
                    call.textOrNull("choice"),
                    call.textOrNull("note"),
                    until == null ? null : OffsetDateTime.parse(until).toInstant(),
                    call.textOrNull("reason"));
        } catch (DateTimeParseException e) {
            throw new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, "until is an ISO 8601 instant, not " + until, e);
        }
        String review = URLEncoder.encode(call.text("ref"), StandardCharsets.UTF_8);
        return result(List.of(peers.post(
                Service.APPROVAL_SERVICE,
                "/v1/reviews/" + review + "/" + call.verb().name(),
                call.scope(),
                decision,
                Review.class,
                PeerOptions.idempotent(call.callId()).onBehalfOf(call.actor()))));
    }

    /** A question may quote what came from outside, and does not say whether it does. */
    private static Result result(List<Review> reviews) {
        ArrayNode items = Lines.array();
        reviews.forEach(review -> {
            ObjectNode line = items.addObject()
                    .put("id", review.id())
                    .put("kind", review.kind())
                    .put("status", review.status())
                    .put("title", review.title())
                    .put("created_at", review.createdAt().toString());
            Lines.put(line, "detail", review.detail());
            Lines.put(line, "node_id", review.nodeId());
            line.set("options", Json.tree(review.options()));
            Lines.put(line, "choice", review.choice());
            Lines.put(line, "note", review.note());
            Lines.put(line, "decided_by", review.decidedBy());
            if (review.deferredUntil() != null) {
                line.put("deferred_until", review.deferredUntil().toString());
            }
        });
        return Result.of(Json.MAPPER.createObjectNode().set("items", items))
                .taintedBy(
                        reviews.stream().map(review -> "review:" + review.id()).toList());
    }
}
