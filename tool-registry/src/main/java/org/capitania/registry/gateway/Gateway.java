package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.ToolCallRequest;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.curation.FittedTools;
import org.capitania.registry.gateway.Admissions.Admission;
import org.capitania.registry.subagents.Child;
import org.capitania.registry.subagents.Children;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** The one door to every act: a call is done, frozen or refused; every call has its row, and a repeated one is answered what the first was. */
@ApplicationScoped
public class Gateway {
    private static final int LOOKS = 1500;
    private static final long BETWEEN_LOOKS_MS = 250;
    private static final int LONGEST_ID = 500;

    private final Ids ids;
    private final FittedTools fitted;
    private final Admissions admissions;
    private final CallRunner runner;
    private final RunningCalls running;
    private final Tools tools;
    private final Children children;

    Gateway(
            Ids ids,
            Tools tools,
            FittedTools fitted,
            Admissions admissions,
            CallRunner runner,
            RunningCalls running,
            Children children) {
        this.ids = ids;
        this.children = children;
        this.tools = tools;
        this.fitted = fitted;
        this.admissions = admissions;
        this.runner = runner;
        this.running = running;
    }

    /** What becomes of a call; a refusal is a result too. */
    public ToolResult call(Caller caller, Scope scope, String named, ToolCallRequest sent) {
        String tool = StorableText.clean(named);
        ToolCallRequest request =
                storable(caller.kind() == PrincipalKind.CLIENT ? outside(caller.principal(), sent) : sent);
        String callId = request.callId() == null || request.callId().isBlank() ? "call:" + ids.v7() : request.callId();
        Arguments arguments = Arguments.of(tool, request.arguments());
        ToolDefinition definition = fitted.find(scope, tool).orElse(null);
        boolean looks = definition != null && tools.onlyLooks(definition, arguments.value());
        Child child = child(caller, scope, request.sessionId());
        Scope acting = child == null || child.project() == null ? scope : scope.withActor(child.actor());
        Attempt attempt = Attempt.of(caller, acting, tool, definition, request, callId, arguments, looks, child);
        for (int look = 0; look < LOOKS; look++) {
            switch (admissions.admit(attempt)) {
                case Admission.Ended(JournalRow row) -> {
                    return row.result();
                }
                case Admission.Run(boolean again) -> {
                    return runner.run(attempt.admitted(), again).result();
                }
                case Admission.Look(Instant since) -> {
                    if (!runner.looks(attempt)) {
                        attempt = attempt.journalledFirst();
                        continue;
                    }
                    Optional<JournalRow> row = runner.look(attempt, since);
                    if (row.isPresent()) {
                        return row.get().result();
                    }
                    running.await(scope.tenant(), callId, BETWEEN_LOOKS_MS);
                }
                case Admission.Running() -> running.await(scope.tenant(), callId, BETWEEN_LOOKS_MS);
            }
        }
        throw new CapitaniaException(
                ErrorCode.PEER_TIMEOUT, "call " + callId + " is still running; ask again under the same id");
    }

    private @Nullable Child child(Caller caller, Scope scope, @Nullable String sessionId) {
        return sessionId != null && caller.kind() == PrincipalKind.AGENT && Child.named(sessionId)
                ? children.find(scope, sessionId).orElse(null)
                : null;
    }

    /** An outside client does not say where its call belongs: it has one task for ever, is in no run, and its ids collide with nobody's. */
    private static ToolCallRequest outside(String client, ToolCallRequest sent) {
        return new ToolCallRequest(
                own(client, sent.callId()), own(client, sent.sessionId()), client, null, null, null, sent.arguments());
    }

    /** Names stand in the row of a call, also of one that is refused for them: what no store takes, or no index, is nobody's id. */
    private static ToolCallRequest storable(ToolCallRequest sent) {
        String callId = sent.callId();
        return new ToolCallRequest(
                callId == null ? null : StorableText.clean(callId),
                id(sent.sessionId()),
                id(sent.taskId()),
                id(sent.runId()),
                sent.fence(),
                id(sent.parentId()),
                sent.arguments());
    }

    private static @Nullable String id(@Nullable String text) {
        return text == null
                ? null
                : StorableText.clean(text.length() <= LONGEST_ID ? text : text.substring(0, LONGEST_ID));
    }

    private static @Nullable String own(String client, @Nullable String id) {
        return id == null || id.isBlank() ? null : client + ":" + id;
    }
}
