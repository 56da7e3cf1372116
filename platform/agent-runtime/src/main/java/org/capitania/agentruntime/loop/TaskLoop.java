package org.capitania.agentruntime.loop;

import io.quarkus.logging.Log;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
import org.capitania.agentruntime.transcript.ModelCalls;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Asked;
import org.capitania.agentruntime.transcript.SessionEntry.Closed;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.SessionEntry.Refused;
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
import org.jspecify.annotations.Nullable;

/**
 * Runs one session, from wherever its transcript stands, until it is put away. It acts on nothing that the store does not have: every
 * reply is appended before it is acted on, every result before the next turn.
 */
public final class TaskLoop {
    /** The code of a session that another goes on for, in the same run. */
    public static final String ROTATED = "rotated";

    /** How long a question waits for a gateway that is away before it lets the next one pass. */
    private static final Duration ASKED = Duration.ofSeconds(5);

    /** So often the model may write again what a session leaves behind; after that it leaves nothing. */
    private static final int REFUSALS = 2;

    /** No task gets further until somebody has done something about it, or the day is over. */
    private static final Set<ErrorCode> NO_FAULT_OF_THE_TASK =
            EnumSet.of(ErrorCode.BUDGET_EXHAUSTED, ErrorCode.PROVIDER_REJECTED, ErrorCode.NOT_CONFIGURED);

    private final Function<String, Workspace> workspaces;
    private final Model model;
    private final Gateway gateway;
    private final SessionStore store;
    private final Duration patience;
    private final Clock clock;
    private final SpendingCheck spending;
    private final Starter starter;

    /** One whose sessions start no others, with no cap but the gateway's. */
    public TaskLoop(
            Function<String, Workspace> workspaces,
            Model model,
            Gateway gateway,
            SessionStore store,
            Duration patience,
            Clock clock) {
        this(workspaces, model, gateway, store, patience, clock, SpendingCheck.NONE, Starter.NONE);
    }

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
            Clock clock,
            SpendingCheck spending,
            Starter starter) {
        this.workspaces = workspaces;
        this.model = model;
        this.gateway = gateway;
        this.store = store;
        this.patience = patience;
        this.clock = clock;
        this.spending = spending;
        this.starter = starter;
    }

    /** Ends the session where it stands, whatever it waits for, and puts it away without asking a model (seeds 20.1). */
    public void cutOff(Ticket ticket, Assignment assignment, Lease lease, String reason) {
        Session session = new Session(ticket, assignment, lease);
        Transcript transcript = session.log.transcript();
        if (transcript.opened().isPresent()) {
            if (transcript.ended().isEmpty()) {
                session.append(new Ended(Ending.FAILED, "stopped", reason));
            }
            session.run();
        }
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
        private final SessionLog log;

        Session(Ticket ticket, Assignment assignment, Lease lease) {
            this.workspace = workspaces.apply(ticket.tenant());
            this.ticket = ticket;
            this.assignment = assignment;
            this.lease = lease;
            boolean asked = assignment.purpose() == Purpose.ASK;
            this.calls = new GatewayCalls(lease, asked && patience.compareTo(ASKED) > 0 ? ASKED : patience);
            this.log = new SessionLog(ticket, store);
        }

        TaskEnd run() {
            try {
                return steps();
            } catch (RuntimeException e) {
                log.writeAfter(e);
                throw e;
            }
        }

        private TaskEnd steps() {
            boolean told = false;
            while (true) {
                lease.check();
                Transcript transcript = log.transcript();
                if (transcript.opened().isPresent() && transcript.ended().isEmpty() && !transcript.paused()) {
                    List<Incoming> unseen = unseen(transcript);
                    if (!unseen.isEmpty()) {
                        append(new Received(unseen));
                        continue;
                    }
                }
                if (transcript.ended().isPresent() && !told) {
                    log.write();
                    assignment.onEnded().accept(transcript, transcript.ended().get());
                    told = true;
                }
                switch (transcript.next(limits())) {
                    case Step.Open() -> open(transcript);
                    case Step.Think(int turn) -> think(transcript, turn);
                    case Step.Act act -> {
                        log.write();
                        append(new Acting(ticket, workspace, gateway, starter, patience, lease)
                                .act(transcript, act, limits()));
                    }
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
                                Acting.problem(code, message)));
                    case Step.Remind(int turn, String text) -> append(new Reminded(turn, text));
                    case Step.End(Ending ending, String code, String reason) -> append(new Ended(ending, code, reason));
                    case Step.Remember(int turn, Ended ended) -> append(remember(transcript, turn, ended));
                    case Step.Close(Ended ended, Snapshot snapshot) -> close(transcript, ended, snapshot);
                    case Step.Done(Ended ended) -> {
                        log.write();
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
            Gateway.Beginning beginning = calls.call(() -> gateway.begin(ticket, assignment.trigger()));
            List<ToolDefinition> tools = beginning.tools().stream()
                    .filter(t -> assignment.purpose() != Purpose.ASK || t.readOnly())
                    .toList();
            Opened opened = new Opened(
                    assignment.purpose(),
                    workspace.role(),
                    model.provider(),
                    workspace.version(),
                    workspace.systemPrompt(),
                    beginning.header(),
                    tools);
            List<Incoming> first = unseen(transcript);
            append(first.isEmpty() ? List.of(opened) : List.of(opened, new Received(first)));
        }

        private List<Incoming> unseen(Transcript transcript) {
            List<Incoming> unseen = transcript.unseen(assignment.feed().get());
            if (unseen.stream().anyMatch(Incoming::hearsay)) {
                calls.call(() -> gateway.heard(ticket));
            }
            return unseen;
        }

        private void think(Transcript transcript, int turn) {
            if (!transcript.paused() && assignment.rotated().getAsBoolean()) {
                append(new Ended(Ending.FROZEN, ROTATED, "its time was over; the task goes on in a fresh session"));
                return;
            }
            Optional<SessionEntry> first = Room.before(transcript, turn, model.window());
            if (first.isPresent()) {
                Log.infof("room is short task=%s session=%s turn=%d", ticket.taskId(), ticket.sessionId(), turn);
                append(first.get());
                return;
            }
            Choice choice = thrifty(workspace.models().choose(Situations.of(transcript, assignment.purpose())));
            Optional<Ended> spent = spending.refusal(ticket, transcript);
            if (spent.isPresent()) {
                append(spent.get());
                return;
            }
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
            log.write();
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

        private SessionEntry remember(Transcript transcript, int turn, Ended ended) {
            @Nullable Reply last = transcript.lastReply();
            boolean whole = ended.ending() == Ending.FINISHED || ended.code().equals(ROTATED);
            if (!whole || assignment.purpose() != Purpose.TASK || last == null) {
                return new Remembered(Snapshot.without(
                        ended.code() + ": " + ended.reason(),
                        assignment.purpose() == Purpose.SUBAGENT
                                ? "what a subagent found is its answer"
                                : "the session ended without an outcome worth keeping"));
            }
            List<Refused> refusals = transcript.all(Refused.class);
            if (refusals.size() >= REFUSALS) {
                return new Remembered(Snapshot.without(
                        ended.reason(),
                        "what the model wrote was not taken: "
                                + refusals.getLast().detail()));
            }
            Choice choice = workspace.models().choose(Situations.snapshot());
            int attempt = transcript.attempts(turn) + 1;
            String callId = transcript.modelCallId(turn, attempt);
            append(new Asked(turn, attempt, callId, choice.model()));
            try {
                Reply reply = ask(new ModelRequest(
                        ticket, callId, turn, ModelRequest.Purpose.SNAPSHOT, choice.model(), transcript, List.of()));
                return SnapshotReader.entry(ticket, reply, ended, refusals.isEmpty());
            } catch (ModelFailure e) {
                if (e.refusal() != null) {
                    GatewayCalls.stopIfTold(e.refusal().code(), e.refusal().detail());
                }
                Log.warnf("no snapshot task=%s session=%s why=%s", ticket.taskId(), ticket.sessionId(), e.getMessage());
                return new Remembered(Snapshot.without(
                        ended.reason(),
                        "no model could be reached for memory: " + e.kind().code()));
            }
        }

        private void close(Transcript transcript, Ended ended, Snapshot snapshot) {
            if (assignment.purpose() == Purpose.ASK) {
                // Its run ended with the reply, and it leaves nothing behind that the asking session does not have.
                append(new Closed(costAsFarAsKnown()));
                return;
            }
            log.write();
            List<Reply> replies = transcript.replies();
            String name =
                    replies.isEmpty() ? model.provider() : replies.getLast().model();
            Figures figures = new Figures(name, ModelCalls.of(transcript), workspace.subscriptions());
            try {
                append(new Closed(
                        calls.call(() -> gateway.close(ticket, finalized(ended, snapshot), snapshot, figures))));
            } catch (CapitaniaException e) {
                Log.errorf(
                        "session not accepted at close task=%s session=%s why=%s",
                        ticket.taskId(), ticket.sessionId(), e.detail());
                Refused refused = new Refused(e.code().code(), e.detail());
                if (transcript.all(Refused.class).size() < REFUSALS) {
                    append(refused);
                } else {
                    // Nor will it be taken with nothing in it; the transcript here still has all of it.
                    append(refused, new Closed(costAsFarAsKnown()));
                }
            }
        }

        /** No task is complete without a memory or a word why there is none (section 13.6 of the seeds). */
        private static Ended finalized(Ended ended, Snapshot snapshot) {
            boolean silent = snapshot.memories().isEmpty() && snapshot.none().isBlank();
            return silent && ended.ending() == Ending.FINISHED
                    ? new Ended(Ending.FAILED, "no_memory", "no_memory: " + ended.reason())
                    : ended;
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
            append(List.of(added));
        }

        private void append(List<? extends SessionEntry> added) {
            log.add(added);
        }
    }
}
