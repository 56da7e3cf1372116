package org.capitania.supervisor.roster;

import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.AgentView;
import org.capitania.contract.api.RegisterAgent.Trigger;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/**
 * One agent as stored.
 *
 * @param triggers null until its first registration
 * @param pause null unless it is paused now
 * @param alive whether its process was heard of lately
 * @param announced the presence last announced
 * @param freshFrom sessions opened before then are not gone on with
 * @param restingSince when its process was stopped because there was nothing to do; null again once one has come, or was started in vain
 */
public record Agent(
        String role,
        @Nullable List<Trigger> triggers,
        @Nullable Pause pause,
        boolean alive,
        AgentView.State announced,
        @Nullable Instant lastSeen,
        @Nullable String instance,
        @Nullable String url,
        @Nullable String workspaceVersion,
        @Nullable Instant freshFrom,
        @Nullable Instant restingSince) {

    /** A person's no; it holds across restarts until then, or until a person resumes. */
    public record Pause(
            String by, @Nullable String reason, @Nullable Instant until) {

        /** One sentence for people. */
        public String sentence() {
            return "paused by " + by + (until == null ? "" : " until " + until) + (reason == null ? "" : ": " + reason);
        }
    }

    static Agent of(Row row) {
        String by = row.getString("paused_by");
        JsonArray triggers = (JsonArray) row.getValue("triggers");
        return new Agent(
                row.getString("role"),
                triggers == null ? null : List.of(Json.read(triggers.encode(), Trigger[].class)),
                by == null || !row.getBoolean("paused")
                        ? null
                        : new Pause(by, row.getString("paused_reason"), Times.instantOrNull(row, "paused_until")),
                row.getBoolean("alive"),
                AgentView.State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
                Times.instantOrNull(row, "last_seen_at"),
                row.getString("instance"),
                row.getString("url"),
                row.getString("workspace_version"),
                Times.instantOrNull(row, "fresh_from"),
                Times.instantOrNull(row, "resting_since"));
    }
}
