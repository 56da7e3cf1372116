package org.capitania.registry.notify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.NotificationView;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Sql;

/** A few words to the owner, which stand in the console until a person resolves them: once a call, and while they stand once a matter. */
@ApplicationScoped
class NotifyOwner implements ToolHandler {
    private final Sql sql;
    private final Runs runs;
    private final Graph graph;
    private final Peers peers;
    private final NotifyLimit limit;

    NotifyOwner(Sql sql, Runs runs, Graph graph, Peers peers, NotifyLimit limit) {
        this.sql = sql;
        this.runs = runs;
        this.graph = graph;
        this.peers = peers;
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
        boolean tainted = !call.human()
                && !sql.tx(call.scope(), tx -> runs.taints(tx, call.taskId())).isEmpty();
        NotificationView.Request request = new NotificationView.Request(
                urgency == null ? "today" : urgency,
                text,
                about,
                tainted,
                call.taskId(),
                Canonical.sha256(tool(), call.actor(), String.valueOf(call.taskId()), text.toLowerCase(Locale.ROOT)));
        NotificationView.Sent sent = peers.post(
                Service.APPROVAL_SERVICE,
                "/v1/notifications",
                call.scope(),
                request,
                NotificationView.Sent.class,
                PeerOptions.idempotent(call.callId()).onBehalfOf(call.actor()));
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
