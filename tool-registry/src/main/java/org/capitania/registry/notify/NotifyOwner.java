package org.capitania.registry.notify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.NotificationView;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** A few words to the owner: once a call, and while they stand once a matter. */
@ApplicationScoped
class NotifyOwner implements ToolHandler {
    private final Graph graph;
    private final OwnerNotices notices;
    private final NotifyLimit limit;

    NotifyOwner(Graph graph, OwnerNotices notices, NotifyLimit limit) {
        this.graph = graph;
        this.notices = notices;
        this.limit = limit;
    }

    @Override
    public String tool() {
        return "notify_owner";
    }

    @Override
    public Result call(Call call) {
        limit.require(call);
        String urgency = call.textOrNull("urgency");
        String text = call.text("text").strip();
        List<NotificationView.About> about = call.texts("about").stream()
                .map(ref -> graph.node(call.scope(), ref))
                .map(NotifyOwner::about)
                .toList();
        NotificationView.Sent sent = notices.tell(
                call,
                urgency == null ? "today" : urgency,
                text,
                about,
                Canonical.sha256(tool(), call.actor(), String.valueOf(call.taskId()), text.toLowerCase(Locale.ROOT)));
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("id", sent.notification().id())
                .put("sent_at", sent.notification().sentAt().toString())
                .put("already", sent.already());
        return Result.of(data);
    }

    private static NotificationView.About about(NodeView node) {
        return new NotificationView.About(node.id(), node.title());
    }
}
