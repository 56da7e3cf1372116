package org.capitania.agentruntime.loop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.capitania.agentruntime.loop.Gateway.Figures;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.ModelFailure;
import org.capitania.agentruntime.model.ModelFailure.Kind;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.Limits;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Asked;
import org.capitania.agentruntime.transcript.SessionEntry.Closed;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.SessionEntry.Remembered;
import org.capitania.agentruntime.transcript.SessionEntry.Reminded;
import org.capitania.agentruntime.transcript.SessionEntry.Replied;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Step;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.ModelPolicy.Choice;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
import org.jspecify.annotations.Nullable;

/**
 * Runs one session, from wherever its transcript stands, until it is put away. It keeps nothing in memory that the store does not have:
 * every reply is appended before it is acted on, every result before the next turn.
 */
public final class TaskLoop {
    /** No task gets further until somebody has done something about it, or the day is over. */
    private static final Set<ErrorCode> NO_FAULT_OF_THE_TASK =
            EnumSet.of(ErrorCode.BUDGET_EXHAUSTED, ErrorCode.PROVIDER_REJECTED, ErrorCode.NOT_CONFIGURED);

    private final Function<String, Workspace> workspaces;
    private final Model model;
    private final Gateway gateway;
    private final SessionStore store;
    private final Duration patience;
    private final Clock clock;

    /**
     * A loop for every session of the agent.
     *
     * @param workspaces the workspace of a tenant as it is now; a session keeps the one it finds when it is run
     */
    public TaskLoop(
            Function<String, Workspace> workspaces,
            Model model,
            Gateway gateway,
            SessionStore store,
            Duration patience,
            Clock clock) {
        this.workspaces = workspaces;
        this.model = model;
        this.gateway = gateway;
        this.store = store;
        this.patience = patience;
        this.clock = clock;
    }

    /** Runs the session to its end. {@link RunInterrupted} leaves it at its step. */
    public TaskEnd run(Ticket ticket, Assignment assignment, Lease lease) {
        return new Session(ticket, assignment, lease).run();
    }

    private final class Session {
        private final Workspace workspace;
        private final Ticket ticket;
        private final Assignment assignment;
        private final Lease lease;
        private final GatewayCalls calls;
        private final List<SessionEntry> entries;

        Session(Ticket ticket, Assignment assignment, Lease lease) {
            this.workspace = workspaces.apply(ticket.tenant());
            this.ticket = ticket;
            this.assignment = assignment;
            this.lease = lease;
            this.calls = new GatewayCalls(lease, patience);
            this.entries = new ArrayList<>(store.entries(ticket));
        }

        TaskEnd run() {
            boolean told = false;
            while (true) {
                lease.check();
                Transcript transcript = new Transcript(ticket.sessionId(), entries);
                if (transcript.opened().isPresent() && transcript.ended().isEmpty() && !transcript.paused()) {
                    List<Incoming> unseen = unseen(transcript);
                    if (!unseen.isEmpty()) {
                        append(new Received(unseen));
                        continue;
                    }
                }
                if (transcript.ended().isPresent() && !told) {
                    assignment.onEnded().accept(transcript, transcript.ended().get());
                    told = true;
                }
                switch (transcript.next(limits())) {
                    case Step.Open() -> open(transcript);
                    case Step.Think(int turn) -> think(transcript, turn);
                    case Step.Act(int turn, int ordinal, var call) ->
                        act(transcript.callId(turn, ordinal), turn, ordinal, call.tool(), call.parsed());
                    case Step.Decline(int turn, int ordinal, var call, String code, String message) ->
                        append(new Returned(
                                turn,
                                ordinal,
                                transcript.callId(turn, ordinal),
                                call.tool(),
                                false,
                                false,
                                "refused",
                                code,
                                problem(code, message)));
                    case Step.Remind(int turn, String text) -> append(new Reminded(turn, text));
                    case Step.End(Ending ending, String code, String reason) -> append(new Ended(ending, code, reason));
                    case Step.Remember(int turn, Ended ended) ->
                        append(new Remembered(remember(transcript, turn, ended)));
                    case Step.Close(Ended ended, Snapshot snapshot) -> close(transcript, ended, snapshot);
                    case Step.Done(Ended ended) -> {
                        return new TaskEnd(ended.ending(), ended.code(), ended.reason(), ended.until());
                    }
                }
            }
        }

        private Limits limits() {
            return new Limits(
                    workspace.budget().maxTurns(),
                    workspace.lifecycle().identicalCalls(),
                    workspace.lifecycle().reminders());
        }

        private void open(Transcript transcript) {
            try {
                begin(transcript);
            } catch (CapitaniaException e) {
                append(new Ended(Ending.FAILED, e.code().code(), "the session could not be opened: " + e.detail()));
            }
        }

        private void begin(Transcript transcript) {
            List<ToolDefinition> tools = calls.call(() -> gateway.tools(ticket)).stream()
                    .filter(t -> assignment.purpose() == Purpose.TASK || t.readOnly())
                    .toList();
            String header = calls.call(() -> gateway.open(ticket, assignment.trigger()));
            append(
                    new Opened(
                            assignment.purpose(),
                            workspace.role(),
                            model.provider(),
                            workspace.version(),
                            workspace.systemPrompt(),
                            header,
                            tools),
                    new Received(unseen(transcript)));
        }

        private List<Incoming> unseen(Transcript transcript) {
            Set<String> seen = transcript.received();
            return assignment.feed().get().stream()
                    .filter(i -> !seen.contains(i.id()))
                    .toList();
        }

        private void think(Transcript transcript, int turn) {
            Optional<SessionEntry> first = Room.before(transcript, turn, model.window());
            if (first.isPresent()) {
                Log.infof("room is short task=%s session=%s turn=%d", ticket.taskId(), ticket.sessionId(), turn);
                append(first.get());
                return;
            }
            Choice choice = thrifty(workspace.models().choose(Situations.of(transcript, assignment.purpose())));
            int attempt = transcript.attempts(turn) + 1;
            String callId = transcript.modelCallId(turn, attempt);
            append(new Asked(turn, attempt, callId, choice.model()));
            List<ToolDefinition> tools = transcript.opened().orElseThrow().tools();
            try {
                Reply reply = ask(new ModelRequest(
                        ticket, callId, turn, ModelRequest.Purpose.TURN, choice.model(), transcript, tools));
                append(new Replied(turn, reply));
            } catch (ModelFailure e) {
                append(ending(e));
            }
        }

        /** What is no must goes to a smaller model when the gateway says that money is short. */
        private Choice thrifty(Choice choice) {
            return choice.routine() && gateway.demotes(ticket) ? choice.demoted() : choice;
        }

        /** A gateway that is away is waited for like anywhere else; what a provider did is the model's own affair. */
        private Reply ask(ModelRequest request) {
            return calls.call(() -> {
                try {
                    return model.reply(request);
                } catch (ModelFailure e) {
                    if (e.refusal() != null && e.refusal().code().type().retryable()) {
                        throw e.refusal();
                    }
                    throw e;
                }
            });
        }

        private Ended ending(ModelFailure e) {
            @Nullable
            Instant until = e.retryAfter() == null ? null : clock.instant().plus(e.retryAfter());
            if (e.refusal() != null) {
                ErrorCode code = e.refusal().code();
                GatewayCalls.stopIfTold(code, e.refusal().detail());
                return NO_FAULT_OF_THE_TASK.contains(code)
                        ? new Ended(Ending.FROZEN, code.code(), e.refusal().detail(), until)
                        : new Ended(Ending.FAILED, code.code(), e.refusal().detail());
            }
            boolean waits = e.kind() == Kind.SIGN_IN || (e.kind() == Kind.RATE_LIMITED && until != null);
            String why = String.valueOf(e.getMessage());
            return waits
                    ? new Ended(Ending.FROZEN, e.kind().code(), why, until)
                    : new Ended(Ending.FAILED, e.kind().code(), why);
        }

        private void act(String callId, int turn, int ordinal, String tool, Optional<ObjectNode> arguments) {
            ToolResult result;
            try {
                result = calls.call(() -> gateway.call(ticket, callId, tool, arguments.orElseThrow()));
            } catch (CapitaniaException e) {
                JsonNode told = problem(e.code().code(), e.detail());
                append(new Returned(
                        turn,
                        ordinal,
                        callId,
                        tool,
                        true,
                        false,
                        "failed",
                        e.code().code(),
                        told));
                return;
            }
            ToolResult.@Nullable ToolError error = result.error();
            if (error != null) {
                ErrorCode.fromCode(error.code()).ifPresent(code -> GatewayCalls.stopIfTold(code, error.message()));
            }
            append(new Returned(
                    turn,
                    ordinal,
                    callId,
                    tool,
                    true,
                    result.ok(),
                    status(result.status()),
                    error == null ? null : error.code(),
                    Json.tree(result)));
        }

        private Snapshot remember(Transcript transcript, int turn, Ended ended) {
            @Nullable Reply last = transcript.lastReply();
            if (ended.ending() != Ending.FINISHED || assignment.purpose() == Purpose.ASK || last == null) {
                return Snapshot.without(
                        ended.code() + ": " + ended.reason(), "the session ended without an outcome worth keeping");
            }
            Choice choice = workspace.models().choose(Situations.snapshot());
            int attempt = transcript.attempts(turn) + 1;
            String callId = transcript.modelCallId(turn, attempt);
            append(new Asked(turn, attempt, callId, choice.model()));
            try {
                Reply reply = ask(new ModelRequest(
                        ticket, callId, turn, ModelRequest.Purpose.SNAPSHOT, choice.model(), transcript, List.of()));
                return SnapshotReader.read(reply.text())
                        .orElseGet(() -> Snapshot.without(ended.reason(), "the model wrote no snapshot we can read"));
            } catch (ModelFailure e) {
                if (e.refusal() != null) {
                    GatewayCalls.stopIfTold(e.refusal().code(), e.refusal().detail());
                }
                Log.warnf("no snapshot task=%s session=%s why=%s", ticket.taskId(), ticket.sessionId(), e.getMessage());
                return Snapshot.without(
                        ended.reason(),
                        "no model could be reached for memory: " + e.kind().code());
            }
        }

        private void close(Transcript transcript, Ended ended, Snapshot snapshot) {
            if (assignment.purpose() == Purpose.ASK) {
                // Its run ended with the reply, and it leaves nothing behind that the asking session does not have.
                append(new Closed(costAsFarAsKnown()));
                return;
            }
            BigDecimal cost;
            List<Reply> replies = transcript.replies();
            String name =
                    replies.isEmpty() ? model.provider() : replies.getLast().model();
            try {
                cost = calls.call(() -> gateway.close(ticket, ended, snapshot, new Figures(name, replies.size())));
            } catch (CapitaniaException e) {
                if (e.code().type() == ErrorType.CONFLICT) {
                    // An earlier run closed it and died before it could say so here.
                    Log.infof("session was closed before session=%s why=%s", ticket.sessionId(), e.detail());
                } else {
                    // It will not be taken however often it is sent; the transcript here still has all of it.
                    Log.errorf(
                            "session not accepted at close task=%s session=%s why=%s",
                            ticket.taskId(), ticket.sessionId(), e.detail());
                }
                cost = costAsFarAsKnown();
            }
            append(new Closed(cost));
        }

        /** Nothing waits for a figure: a session is put away without it when the gateway cannot tell. */
        private @Nullable BigDecimal costAsFarAsKnown() {
            try {
                return gateway.cost(ticket);
            } catch (CapitaniaException e) {
                Log.warnf("cost unknown task=%s session=%s why=%s", ticket.taskId(), ticket.sessionId(), e.detail());
                return null;
            }
        }

        private void append(SessionEntry... added) {
            store.append(ticket, entries.size(), List.of(added));
            entries.addAll(List.of(added));
        }

        private static JsonNode problem(String code, String message) {
            return Json.MAPPER
                    .createObjectNode()
                    .put("ok", false)
                    .put("code", code)
                    .put("message", message);
        }

        private static String status(CallStatus status) {
            return Json.tree(status).asText();
        }
    }
}
