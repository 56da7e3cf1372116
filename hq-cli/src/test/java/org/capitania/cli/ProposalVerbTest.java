package org.capitania.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code hq proposal}: what is shown, and that exactly that is decided. */
class ProposalVerbTest {
    static final String ID = "0190aaaa-0000-7000-8000-00000000beef";
    static final String PROPOSAL = """
            {"id":"%s","tool":"email_send","agent":"agent:chief","status":"pending","risk":"outbound","summary":"Answer Ana: Re: Order 12",
             "task_id":"task-1","conversation":"conv-1","created_at":"2026-03-01T11:57:00Z","revision":2,"digest":"sha256:abc",
             "arguments":{"to":["ana@example.org"],"subject":"Re: Order 12","body_text":"Dear Ana,\\nit ships tomorrow."},
             "rendering":{"summary":"Answer Ana","recipients":["ana@example.org"],"subject":"Re: Order 12","body":"Dear Ana,\\nit ships tomorrow."}}""".formatted(ID);

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldApproveExactlyTheRevisionThatWasRead() {
        fleet.answer("/v1/proposals", "{\"items\":[" + PROPOSAL + "]}").answer("/v1/proposals/" + ID, PROPOSAL);

        Result result = fleet.hq("proposal", "approve", "beef", "--json");
        Result shortId = fleet.hq("proposal", "approve", "0000beef");

        assertThat(result.exitCode()).isZero();
        assertThat(shortId.exitCode()).isZero();
        assertThat(fleet.last().path()).isEqualTo("/v1/proposals/" + ID + "/approve");
        assertThat(fleet.last().json().path("digest").asText()).isEqualTo("sha256:abc");
        assertThat(fleet.last().json().path("revision").asInt()).isEqualTo(2);
    }

    @Test
    void shouldAskForAProposalByTheEndOfItsIdHoweverOldItIs() {
        fleet.answer("/v1/proposals?limit=500&id=0000beef", "{\"items\":[" + PROPOSAL + "]}")
                .answer("/v1/proposals", "{\"items\":[]}")
                .answer("/v1/proposals/" + ID, PROPOSAL);

        assertThat(fleet.hq("proposal", "show", "0000BEEF", "--json")
                        .json()
                        .at("/data/id")
                        .asText())
                .isEqualTo(ID);
        assertThat(fleet.hq("proposal", "show", "00").exitCode()).isEqualTo(3);
        assertThat(fleet.hq("proposal", "show", "no?such=id").exitCode()).isEqualTo(3);
    }

    @Test
    void shouldShowSecretsOnlyWhenTheOwnerAsksForThem() {
        fleet.answer("/v1/proposals/" + ID, PROPOSAL)
                .answer(
                        "/v1/frozen-calls/" + ID + "?secrets=true",
                        "{\"arguments\":{\"body_text\":\"The key is sk-planted.\"}}");

        assertThat(fleet.hq("proposal", "show", ID).out()).doesNotContain("sk-planted");
        assertThat(fleet.asked()).noneMatch(asked -> asked.path().contains("frozen-calls"));
        assertThat(fleet.hq("proposal", "show", ID, "--secrets").out()).contains("it ships tomorrow.", "sk-planted");
    }

    @Test
    void shouldApproveNothingWhenAnotherRevisionThanTheOneThatWasShownStands() {
        fleet.answer("/v1/proposals/" + ID, PROPOSAL).answer("/v1/proposals/" + ID + "/approve", PROPOSAL);

        Result changed = fleet.hq("proposal", "approve", ID, "--revision", "1");

        assertThat(changed.exitCode()).isEqualTo(1);
        assertThat(changed.err()).contains("at revision 2 by now, not 1");
        assertThat(fleet.asked()).extracting(CannedFleet.Asked::path).containsExactly("/v1/proposals/" + ID);
        assertThat(fleet.hq("proposal", "show", ID).out()).contains(" --revision 2 ");
        assertThat(fleet.hq("proposal", "approve", ID, "--revision", "2").exitCode())
                .isZero();
    }

    @Test
    void shouldSaveAnEditAndApproveItNotWhenThereIsSomethingToLookAtTwice() throws IOException {
        Path file = Files.writeString(fleet.directory().resolve("edited.json"), "{\"to\":[\"eve@example.org\"]}");
        fleet.answer("/v1/proposals/" + ID, PROPOSAL)
                .answer(
                        "/v1/proposals/" + ID + "/edit",
                        PROPOSAL.replace("\"revision\":2", "\"revision\":3")
                                .replace("\"rendering\":{", "\"rendering\":{\"warnings\":[\"A stranger.\"],"));

        Result result = fleet.hq("proposal", "approve", ID, "--edit", file.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("saved as revision 3 and not approved");
        assertThat(fleet.last().path()).endsWith("/edit");
    }

    @Test
    void shouldEditBeforeItApprovesWhenAFileIsGiven() throws IOException {
        Path file = Files.writeString(
                fleet.directory().resolve("edited.json"), "{\"to\":[\"ana@example.org\"],\"body_text\":\"Soon.\"}");
        fleet.answer("/v1/proposals/" + ID, PROPOSAL)
                .answer(
                        "/v1/proposals/" + ID + "/edit",
                        PROPOSAL.replace("\"revision\":2", "\"revision\":3").replace("sha256:abc", "sha256:def"));

        Result result = fleet.hq("proposal", "approve", ID, "--edit", file.toString());

        assertThat(result.exitCode()).isZero();
        assertThat(fleet.asked())
                .extracting(CannedFleet.Asked::path)
                .containsExactly(
                        "/v1/proposals/" + ID, "/v1/proposals/" + ID + "/edit", "/v1/proposals/" + ID + "/approve");
        assertThat(fleet.asked().get(1).json().at("/arguments/body_text").asText())
                .isEqualTo("Soon.");
        assertThat(fleet.last().json().path("digest").asText()).isEqualTo("sha256:def");
        assertThat(fleet.last().json().path("revision").asInt()).isEqualTo(3);
    }

    @Test
    void shouldAskNothingWhenTheEditIsNoJson() throws IOException {
        Path file = Files.writeString(fleet.directory().resolve("edited.json"), "Dear Ana");

        Result result = fleet.hq("proposal", "approve", ID, "--edit", file.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(fleet.asked()).isEmpty();
    }

    @Test
    void shouldNotRejectWithoutAReason() {
        assertThat(fleet.hq("proposal", "reject", ID).exitCode()).isEqualTo(1);
        assertThat(fleet.asked()).isEmpty();
    }

    @Test
    void shouldShowThreadAndDraftOfAProposal() {
        fleet.answer("/v1/proposals/" + ID, PROPOSAL)
                .answer(
                        "/v1/nodes/conv-1",
                        "{\"node\":{},\"edges\":[{\"type\":\"part_of\",\"direction\":\"in\",\"other\":{\"id\":\"mail-1\",\"type\":\"interaction\"}}]}")
                .answer("/v1/nodes/mail-1", """
                        {"node":{"props":{"direction":"in","from":{"address":"ana@example.org"},"subject":"Order 12","sent_at":"2026-03-01T10:00:00Z",
                         "body_text":"Where is my order?\\u001b[2J"}}}""");

        Result result = fleet.hq("proposal", "show", ID);

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("Answer Ana: Re: Order 12", "ana@example.org", "Where is my order?", "it ships tomorrow.")
                .doesNotContain("\u001b");
    }

    @Test
    void shouldWarnOfWhatTheGatewayFoundAndSayHowOneThatCameBackIsDecided() {
        fleet.answer(
                "/v1/proposals/" + ID,
                PROPOSAL.replace("\"pending\"", "\"stale\"")
                        .replace(
                                "\"rendering\":{",
                                "\"rendering\":{\"warnings\":[\"It goes to more than five people.\"],"));

        Result result = fleet.hq("proposal", "show", ID);

        assertThat(result.out()).contains("It goes to more than five people.", "hq proposal approve");
    }
}
