package org.capitania.cli.proposal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.text.Fields;
import org.capitania.contract.Json;
import org.capitania.contract.api.ApproveRequest;
import org.capitania.contract.api.EditRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq proposal approve}: exactly the revision that was read is approved, or nothing. */
@Command(name = "approve", description = "Let it happen, as it stands or as edited.")
public final class ApproveProposal extends ProposalVerb {
    @Parameters(paramLabel = "ID", description = "its id, or the end of it as listed")
    String id = "";

    @Option(
            names = "--edit",
            paramLabel = "FILE.json",
            description = "the whole arguments it shall have instead; every check runs again first")
    @Nullable
    Path edit;

    @Option(
            names = "--revision",
            paramLabel = "N",
            description = "the one you have read, as hq proposal show says; with another by now nothing is approved")
    @Nullable
    Integer revision;

    public ApproveProposal(Environment environment) {
        super("proposal.approve", environment);
    }

    @Override
    protected Reply run() {
        JsonNode arguments =
                edit == null ? null : arguments(environment().workingDirectory().resolve(edit));
        JsonNode seen = read(resolve(id));
        String whole = Fields.text(seen, "id");
        int stands = seen.path("revision").asInt();
        if (revision != null && revision != stands) {
            throw Failure.caller(
                            "proposal_changed",
                            "the proposal is at revision " + stands + " by now, not " + revision
                                    + "; nothing was approved")
                    .withHint("hq proposal show " + id);
        }
        if (arguments != null) {
            seen = decide(whole, "edit", new EditRequest(arguments, Fields.text(seen, "digest"), reason()))
                    .body();
            if (!seen.at("/rendering/warnings").isEmpty()) {
                throw Failure.caller(
                                "look_twice",
                                "it was saved as revision "
                                        + seen.path("revision").asInt()
                                        + " and not approved: there is something to look at twice")
                        .withHint("hq proposal show " + id + ", then hq proposal approve " + id);
            }
        }
        ApproveRequest exactly = new ApproveRequest(
                Fields.text(seen, "digest"), seen.path("revision").asInt());
        return decided(decide(whole, "approve", exactly), arguments == null ? "approved" : "edited and approved");
    }

    private static JsonNode arguments(Path file) {
        try {
            JsonNode arguments = Json.MAPPER.readTree(Files.readString(file));
            if (!arguments.isObject()) {
                throw Failure.caller("bad_request", file + ": expected one JSON object with the whole arguments");
            }
            return arguments;
        } catch (JsonProcessingException e) {
            throw Failure.caller("bad_request", file + " is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Failure.caller("bad_request", "cannot read " + file);
        }
    }
}
