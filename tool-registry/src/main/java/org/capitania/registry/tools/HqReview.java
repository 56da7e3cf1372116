package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.ReviewList;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;

/** The questions that wait for a person. */
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
        String status = call.textOrNull("status");
        ReviewList list = peers.get(
                Service.APPROVAL_SERVICE,
                "/v1/reviews?status=" + (status == null ? "open" : status),
                call.scope(),
                ReviewList.class,
                PeerOptions.DEFAULT.onBehalfOf(call.actor()));
        ArrayNode items = Lines.array();
        List<ReviewList.Review> reviews = list.items();
        reviews.forEach(review -> {
            ObjectNode line = items.addObject()
                    .put("id", review.id())
                    .put("kind", review.kind())
                    .put("status", review.status())
                    .put("title", review.title())
                    .put("created_at", review.createdAt().toString());
            Lines.put(line, "detail", review.detail());
            Lines.put(line, "node_id", review.nodeId());
        });
        // A question may quote what came from outside, and does not say whether it does.
        return Result.of(Json.MAPPER.createObjectNode().set("items", items))
                .taintedBy(
                        reviews.stream().map(review -> "review:" + review.id()).toList());
    }
}
