package org.capitania.approval.proposal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.approval.proposal.ProposalCalls.approve;
import static org.capitania.approval.proposal.ProposalCalls.as;
import static org.capitania.approval.proposal.ProposalCalls.edit;
import static org.capitania.approval.proposal.ProposalCalls.reject;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

/** Proposals page by page, and what people made of drafts. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class ProposalListsIT extends AmongProposals {
    @Test
    void shouldListAllOfThemPageByPage() {
        List<String> arrived = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            arrived.add(arrivals.arrive(frozen()).toString());
        }
        List<String> found = pages("/v1/proposals?status=pending");
        assertThat(found)
                .containsAll(arrived)
                .isEqualTo(as("user:owner")
                        .get("/v1/proposals?status=pending&limit=500")
                        .jsonPath()
                        .getList("items.id", String.class));
    }

    @Test
    void shouldFindOneByAPartOfItsIdHoweverManyCameSince() {
        String first = arrivals.arrive(frozen()).toString();
        arrivals.arrive(frozen());
        for (String part : List.of(first.substring(first.length() - 8), first)) {
            as("user:owner")
                    .get("/v1/proposals?limit=1&id=" + part)
                    .then()
                    .statusCode(200)
                    .body("items.id", contains(first));
        }
        assertThat(as("user:owner")
                        .get("/v1/proposals?limit=500&id=" + first.substring(0, 8))
                        .jsonPath()
                        .getList("items.id", String.class))
                .contains(first);
        as("user:owner").get("/v1/proposals?id=%25%25%25%25").then().statusCode(400);
    }

    @Test
    void shouldTellWhatPeopleMadeOfDrafts() {
        // Given: one as it was, one changed a little before it was approved, one rejected, and one nobody decided on
        Instant since = Instant.now();
        UUID accepted = approved(frozen());
        FrozenCall draft = frozen();
        UUID edited = arrivals.arrive(draft);
        String digest = edit(edited, "Re: Hours", draft.digest())
                .then()
                .statusCode(200)
                .extract()
                .path("digest");
        approve("user:owner", edited, digest).then().statusCode(200);
        UUID rejected = arrivals.arrive(frozen());
        reject("user:ana", rejected).then().statusCode(200);
        arrivals.arrive(frozen());
        // When
        RequestSpecification asked = as("system:tool-registry").queryParam("since", since.toString());
        // Then
        asked.get("/v1/edits")
                .then()
                .statusCode(200)
                .body("items.proposal_id", contains(rejected.toString(), edited.toString(), accepted.toString()))
                .body("items[0].edit_type", equalTo("rejected"))
                .body("items[0].notes", equalTo("too curt"))
                .body("items[0].edited_by", equalTo("user:ana"))
                .body("items[0].diff_score", nullValue())
                .body("items[1].action_id", equalTo(draft.callId()))
                .body("items[1].agent", equalTo(draft.agent()))
                .body("items[1].tool", equalTo("email_send"))
                .body(
                        "items[1].changes.find{it.path=='subject'}.before",
                        equalTo("Re: Opening hours over the holidays"))
                .body("items[1].changes.find{it.path=='subject'}.after", equalTo("Re: Hours"))
                .body("items[2].edit_type", equalTo("accepted"))
                .body("items[2].diff_score", equalTo(0.0f));
        assertThat(pages("/v1/edits?since=" + since)).hasSize(3);
        as("user:owner")
                .queryParam("since", since.toString())
                .queryParam("tool", "hq_task")
                .get("/v1/edits")
                .then()
                .body("items.size()", equalTo(0));
        as("client:test").get("/v1/edits").then().statusCode(403);
        as("user:owner").get("/v1/edits?since=yesterday").then().statusCode(400);
    }

    private UUID approved(FrozenCall frozen) {
        UUID id = arrivals.arrive(frozen);
        approve("user:owner", id, frozen.digest()).then().statusCode(200);
        return id;
    }

    /** All ids, asked for one at a time. */
    private static List<String> pages(String path) {
        List<String> found = new ArrayList<>();
        String next = "";
        while (next != null) {
            JsonPath page = as("user:owner")
                    .get(path + "&limit=1&after=" + next)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            found.addAll(page.getList("items.id", String.class));
            next = page.getString("next");
        }
        return found;
    }
}
