package org.capitania.approval.mirror;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.capitania.approval.review.ReviewQueries.Versioned;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.graphclient.Batch;
import org.jspecify.annotations.Nullable;

/** What a review looks like as a node. */
record ReviewNode(Versioned row) implements Mirrored {
    private static final String REF = "review";
    private static final int LONGEST = 16_384;

    @Override
    public int steps() {
        return row.version() + 1;
    }

    @Override
    public boolean linked() {
        return row.review().nodeId() != null;
    }

    @Override
    public MutationBatch create(boolean linked) {
        Review review = row.review();
        // A question may quote what came from outside, and does not say whether it does.
        Batch batch = new Batch().create(REF, "review", node -> {
            node.externalIfAbsent(SOURCE, review.id())
                    .status(review.status())
                    .occurredAt(review.createdAt())
                    .tainted(true);
            props(review).forEach(node::prop);
        });
        String about = review.nodeId();
        if (linked && about != null) {
            batch.link("@" + REF, "about", about);
        }
        return batch.build();
    }

    @Override
    public MutationBatch update(String node, int version) {
        return new Batch()
                .patch(node, patch -> {
                    patch.version(version).status(row.review().status());
                    props(row.review()).forEach(patch::prop);
                })
                .build();
    }

    private static Map<String, @Nullable Object> props(Review review) {
        String detail = review.detail();
        boolean closed = !review.status().equals("open") && !review.status().equals("deferred");
        Map<String, @Nullable Object> props = new LinkedHashMap<>();
        props.put("title", review.title());
        props.put("kind", review.kind());
        props.put(
                "question_text", detail == null || detail.length() <= LONGEST ? detail : detail.substring(0, LONGEST));
        props.put("options", review.options());
        props.put("subject_id", review.nodeId());
        props.put("opened_at", review.createdAt().toString());
        props.put("choice", review.choice());
        props.put("note", review.note());
        props.put("deferred_until", text(review.deferredUntil()));
        props.put("resolved_by", closed ? review.decidedBy() : null);
        props.put("resolved_at", closed ? text(review.decidedAt()) : null);
        return props;
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
