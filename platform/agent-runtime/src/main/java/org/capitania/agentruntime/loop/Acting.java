package org.capitania.agentruntime.loop;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.capitania.agentruntime.transcript.ContextSize;
import org.capitania.agentruntime.transcript.Limits;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.Step;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.ToolResult;
import org.jspecify.annotations.Nullable;

/** Makes the tool calls of a session. Those that start somebody are made side by side, and have all come back, or none. */
record Acting(Ticket ticket, Workspace workspace, Gateway gateway, Starter starter, Duration patience, Lease lease) {

    /** Makes a call that is due, with those after it that start somebody where it does; what came back, in order. */
    List<Returned> act(Transcript transcript, Step.Act act, Limits limits) {
        if (!starts(act)) {
            return List.of(returned(transcript, act, callId -> call(lease, callId, act)));
        }
        List<Step.Act> starts =
                transcript.due(limits).stream().takeWhile(Acting::starts).toList();
        long left =
                workspace.budget().tokensPerRun() - ContextSize.consumed(transcript) - ContextSize.started(transcript);
        long each = Math.max(0, left / starts.size());
        return SideBySide.all(
                lease,
                starts.stream()
                        .<Function<Lease, Returned>>map(start ->
                                own -> returned(transcript, start, callId -> started(start, callId, each, own)))
                        .toList());
    }

    private static boolean starts(Step.Act act) {
        return ToolCall.starts(act.call().tool());
    }

    private ToolResult started(Step.Act act, String callId, long tokens, Lease own) {
        Starter.Start start =
                new Starter.Start(ticket, workspace, callId, act.call().tool(), tokens);
        Supplier<ToolResult> call = () -> call(own, callId, act);
        return starter.run(start, call, own);
    }

    private ToolResult call(Lease held, String callId, Step.Act act) {
        return new GatewayCalls(held, patience)
                .call(() -> gateway.call(
                        ticket, callId, act.call().tool(), act.call().parsed().orElseThrow()));
    }

    private static Returned returned(Transcript transcript, Step.Act act, Function<String, ToolResult> call) {
        String callId = transcript.callId(act.turn(), act.ordinal());
        String tool = act.call().tool();
        ToolResult result;
        try {
            result = call.apply(callId);
        } catch (CapitaniaException e) {
            String code = e.code().code();
            JsonNode told = problem(code, e.detail());
            return new Returned(act.turn(), act.ordinal(), callId, tool, true, false, "failed", code, told);
        }
        ToolResult.@Nullable ToolError error = result.error();
        if (error != null) {
            ErrorCode.fromCode(error.code()).ifPresent(code -> GatewayCalls.stopIfTold(code, error.message()));
        }
        return new Returned(
                act.turn(),
                act.ordinal(),
                callId,
                tool,
                true,
                result.ok(),
                Json.tree(result.status()).asText(),
                error == null ? null : error.code(),
                Json.tree(result));
    }

    /** What a model is shown of a call that brought no result. */
    static JsonNode problem(String code, String message) {
        return Json.MAPPER.createObjectNode().put("ok", false).put("code", code).put("message", message);
    }
}
