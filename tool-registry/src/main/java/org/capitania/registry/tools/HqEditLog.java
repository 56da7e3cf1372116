package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.EditList;
import org.capitania.contract.api.EditList.Change;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.jspecify.annotations.Nullable;

/** What people made of drafts, from approval-service's decisions. What was drafted from outside words taints who reads it. */
@ApplicationScoped
class HqEditLog implements ToolHandler {
    private final Peers peers;

    HqEditLog(Peers peers) {
        this.peers = peers;
    }

    @Override
    public String tool() {
        return "hq_edit_log";
    }

    @Override
    public Result call(Call call) {
        boolean all = call.human() || call.role().equals(HqActionLog.SEES_ALL);
        StringBuilder path = new StringBuilder("/v1/edits?limit=" + call.number("limit", 20));
        add(path, "agent", all ? drafter(call.textOrNull("agent")) : call.actor());
        add(path, "tool", call.textOrNull("tool"));
        add(path, "since", call.textOrNull("since"));
        List<Edit> edits = peers.get(
                        Service.APPROVAL_SERVICE,
                        path.toString(),
                        call.scope(),
                        EditList.class,
                        PeerOptions.DEFAULT.onBehalfOf(call.actor()))
                .items();
        ArrayNode items = Lines.array();
        edits.forEach(edit -> items.add(line(edit)));
        return Result.of(Json.MAPPER.createObjectNode().set("items", items))
                .taintedBy(edits.stream()
                        .filter(Edit::tainted)
                        .map(edit -> "proposal:" + edit.proposalId())
                        .distinct()
                        .toList());
    }

    private static @Nullable String drafter(@Nullable String agent) {
        return agent == null || agent.contains(":") ? agent : "agent:" + agent;
    }

    private static void add(StringBuilder path, String name, @Nullable String value) {
        if (value != null) {
            path.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }

    private static ObjectNode line(Edit edit) {
        ObjectNode line = Json.MAPPER
                .createObjectNode()
                .put("id", edit.id())
                .put("action_id", edit.actionId())
                .put("proposal_id", edit.proposalId())
                .put("agent", edit.agent())
                .put("tool", edit.tool())
                .put("edit_type", edit.editType())
                .put("edited_by", edit.editedBy())
                .put("edited_at", edit.editedAt().toString());
        if (edit.diffScore() != null) {
            line.put("diff_score", edit.diffScore());
        }
        Lines.put(line, "notes", edit.notes());
        ArrayNode changes = line.putArray("changes");
        for (Change change : edit.changes()) {
            ObjectNode one = changes.addObject().put("path", change.path());
            if (change.before() != null) {
                one.set("before", Lines.cut(change.before()));
            }
            if (change.after() != null) {
                one.set("after", Lines.cut(change.after()));
            }
        }
        return line;
    }
}
