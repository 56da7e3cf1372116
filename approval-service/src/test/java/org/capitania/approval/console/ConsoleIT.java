package org.capitania.approval.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

/**
 * The console in a real browser. With {@code -Dhq.screenshots=<directory>} it writes the pictures of the README as well; otherwise it
 * leaves nothing behind.
 */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class ConsoleIT extends InBrowser {
    @Test
    void shouldLetTheOwnerSeeEditAndApproveWhenSignedInByLink() {
        // Given
        FrozenCall reply = scene.openingHours();
        arrivals.arrive(scene.reminder());
        arrivals.arrive(reply);
        Page page = browser.signedIn(1440, 900, ColorScheme.LIGHT);
        // When: the queue
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("Two things wait for you");
        Browser.assertAccessible(page);
        Browser.shoot(page, "console-queue");
        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions()
                                .setName("Re: Opening hours over the holidays")
                                .setExact(true))
                .click();
        // Then: thread, draft and trajectory
        assertThat(page.locator(".pane-thread")).containsText("are you open between Christmas and New Year?");
        assertThat(page.locator(".letter")).containsText("ana.silva@moinho.example");
        assertThat(page.locator(".pane-steps")).containsText("Asked a colleague");
        assertThat(page.locator("#draft")).containsText("written by the rehearsal model");
        page.locator(".pane-steps details").first().locator("summary").click();
        assertThat(page.locator(".pane-steps pre").first()).containsText("conversation_id");
        page.locator(".pane-steps details").first().locator("summary").click();
        Browser.assertAccessible(page);
        Browser.shoot(page, "console-proposal");
        // When: the owner corrects the draft
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Edit"))
                .click();
        assertThat(page.getByLabel("Subject")).hasValue("Re: Opening hours over the holidays");
        Browser.assertAccessible(page);
        page.getByLabel("Text").fill("Dear Ana,\n\nthe 29th is fine, ask for Rui at the gate.\n\nKind regards\nMarta");
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Save").setExact(true))
                .click();
        // Then
        assertThat(page.locator(".banner.good")).containsText("Saved as revision 2");
        // The page listens once it is loaded, not when its words are there.
        page.waitForLoadState();
        page.waitForResponse(
                response -> response.url().contains("part=draft"),
                () -> page.evaluate("htmx.trigger(document.body, 'hq:changed-" + reply.proposalId() + "')"));
        assertThat(page.locator("#draft.htmx-request, #draft.htmx-swapping, #draft.htmx-settling"))
                .hasCount(0);
        assertThat(page.locator(".banner.good")).containsText("Saved as revision 2");
        assertThat(page.locator(".diff ins").first()).isVisible();
        Browser.shoot(page, "edited");
        // When
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve and send"))
                .click();
        // Then: the outcome follows the gateway, live
        assertThat(page.locator(".outcome .state")).hasText("approved");
        UUID id = UUID.fromString(reply.proposalId());
        arrivals.claim(id, "k1");
        assertThat(page.locator(".outcome .state")).hasText("sending");
        arrivals.report(id, "k1");
        assertThat(page.locator(".outcome .state")).hasText("sent");
        Browser.shoot(page, "sent");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldBeWorkedByKeysAloneWhenAProposalIsRejected() {
        // Given
        arrivals.arrive(scene.reminder());
        arrivals.arrive(scene.openingHours());
        Page page = browser.signedIn(1280, 800, ColorScheme.DARK);
        // When
        page.keyboard().press("?");
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        page.keyboard().press("Escape");
        page.keyboard().press("j");
        page.keyboard().press("j");
        assertThat(page.locator("[data-item]:focus")).hasText("Re: Opening hours over the holidays");
        page.keyboard().press("k");
        assertThat(page.locator("[data-item]:focus")).hasText("Invoice 2026-118: a friendly reminder");
        Browser.shoot(page, "queue-dark");
        page.keyboard().press("Enter");
        assertThat(page.locator(".warnings")).containsText("never been written to before");
        assertThat(page.locator(".pane-thread")).containsText("is not there");
        Browser.shoot(page, "proposal-dark");
        page.keyboard().press("r");
        assertThat(page.getByLabel("Why not?")).isFocused();
        page.keyboard().type("Mr Costa paid yesterday");
        Browser.shoot(page, "rejecting-dark");
        Browser.assertAccessible(page);
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        // Then
        assertThat(page.locator(".outcome")).containsText("rejected");
        assertThat(page.locator(".outcome")).containsText("Mr Costa paid yesterday");
        page.keyboard().press("u");
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("One thing waits for you");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldFitAPhoneWhenTheOwnerIsOnTheRoad() {
        // Given
        arrivals.arrive(scene.openingHours());
        Page page = browser.signedIn(390, 844, ColorScheme.LIGHT);
        Browser.shoot(page, "phone-queue");
        // When
        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions()
                                .setName("Re: Opening hours over the holidays")
                                .setExact(true))
                .click();
        // Then
        assertThat(page.locator(".letter")).isVisible();
        assertThat(page.locator(".pane-thread")).isHidden();
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve and send")))
                .isInViewport();
        Browser.assertNoSideways(page);
        Browser.assertAccessible(page);
        Browser.shoot(page, "console-phone");
        page.locator(".tabs label", new Page.LocatorOptions().setHasText("Thread"))
                .click();
        assertThat(page.locator(".pane-thread")).isVisible();
        assertThat(page.locator(".pane-draft .letter")).isHidden();
        Browser.shoot(page, "phone-thread");
        Browser.assertNoSideways(page);
        page.locator(".tabs label", new Page.LocatorOptions().setHasText("What chief did"))
                .click();
        Browser.shoot(page, "phone-steps");
        page.locator(".tabs label", new Page.LocatorOptions().setHasText("Draft"))
                .click();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Edit"))
                .click();
        assertThat(page.getByLabel("Text")).isVisible();
        Browser.shoot(page, "phone-edit");
        Browser.assertNoSideways(page);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldShowTheNewVersionWhenSomeoneElseEditedMeanwhile() {
        // Given
        FrozenCall reply = scene.openingHours();
        arrivals.arrive(reply);
        Page page = browser.signedIn(1440, 900, ColorScheme.LIGHT);
        page.navigate("/proposals/" + reply.proposalId() + "?do=edit");
        page.getByLabel("Text").fill("My own words");
        // When
        arrivals.edit(UUID.fromString(reply.proposalId()), "user:ana", "Re: Hours");
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Save").setExact(true))
                .click();
        // Then
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("changed while you were looking");
        assertThat(page.getByLabel("Text")).hasValue("My own words");
        assertThat(page.locator(".stands")).containsText("Re: Hours");
        Browser.shoot(page, "changed");
        // When: a recipient who is nobody of the thread
        page.getByLabel("To").fill("mallory@elsewhere.example");
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Save").setExact(true))
                .click();
        // Then
        assertThat(page.locator("#to-error")).isVisible();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("nobody of this thread");
        Browser.assertAccessible(page);
        Browser.shoot(page, "refused");
    }

    @Test
    void shouldShowHostileTextAsTextWhenItCameIn() {
        // Given
        FrozenCall hostile = scene.hostile();
        arrivals.arrive(hostile);
        Page page = browser.signedIn(1440, 900, ColorScheme.LIGHT);
        page.navigate("/proposals/" + hostile.proposalId());
        // Then
        assertThat(page.locator(".pane-thread")).containsText("<img src=\"https://evil.example/pixel.png\">");
        assertThat(page.locator(".pane-thread")).containsText("[U+0430]na@moinho.example");
        assertThat(page.title()).contains("Re: <script>").doesNotContain("owned");
        assertThat(page.locator("main img[src*=evil]").count()).isZero();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldShowBothEntitiesSideBySideWhenAMergeWaits() {
        FrozenCall merge = scene.merge();
        arrivals.arrive(merge);
        Page page = browser.signedIn(1440, 900, ColorScheme.LIGHT);
        page.navigate("/proposals/" + merge.proposalId());
        assertThat(page.locator("h1")).containsText("Merge Frama, Lda into Frama");
        assertThat(page.locator("main")).containsText("merge two entities");
        assertThat(page.locator(".letter .compare").textContent())
                .contains("≠ name           Frama                         Frama, Lda");
        assertThat(page.locator(".warnings")).containsText("another tax_id");
        page.navigate("/proposals/" + merge.proposalId() + "?format=md");
        assertThat(page.locator("body")).containsText("    ≠ name           Frama");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldSayWhatIsMissingWhenPeersAreDown() {
        // Given
        FrozenCall reply = scene.openingHours();
        arrivals.arrive(reply);
        Page page = browser.signedIn(1440, 900, ColorScheme.LIGHT);
        peers.close();
        // When
        page.navigate("/proposals/" + reply.proposalId());
        // Then
        assertThat(page.locator(".pane-thread .missing")).containsText("does not answer right now");
        assertThat(page.locator(".pane-steps .missing")).containsText("does not answer right now");
        assertThat(page.locator(".letter")).containsText("Dear Ana");
        Browser.shoot(page, "peers-down");
        page.navigate("/agents");
        assertThat(page.locator(".missing")).containsText("does not answer right now");
    }

    @Test
    void shouldSayOnEveryPageThatAutonomyIsFrozen() {
        scene.frozen("frozen by user:owner: <b>wrong</b> mail");
        Page page = browser.signedIn(1280, 800, ColorScheme.LIGHT);
        for (String address : List.of("/", "/agents", "/activity")) {
            page.navigate(address);
            assertThat(page.locator("p[role=alert]")).containsText("<b>wrong</b> mail");
        }
        Browser.assertAccessible(page);
    }

    @Test
    void shouldPauseAndGradeWhenAsked() {
        // Given
        FrozenCall reply = scene.openingHours();
        arrivals.arrive(reply);
        Page page = browser.signedIn(1280, 800, ColorScheme.LIGHT);
        // When
        page.navigate("/proposals/" + reply.proposalId());
        Locator second = page.locator(".step").nth(1);
        second.locator("summary", new Locator.LocatorOptions().setHasText("Grade"))
                .click();
        second.getByLabel("Note").fill("Right question");
        second.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Good"))
                .click();
        // Then
        assertThat(page.locator(".step").nth(1).locator(".grade-good")).isVisible();
        assertThat(page.locator(".step").nth(1)).containsText("Right question");
        // When
        page.navigate("/agents");
        page.locator(".agent-card", new Page.LocatorOptions().setHasText("chief"))
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Pause"))
                .click();
        // Then
        assertThat(page.locator(".agent-card", new Page.LocatorOptions().setHasText("chief")))
                .containsText("paused");
        assertThat(peers.requests("POST", "/v1/agents/chief/pause").getFirst().onBehalfOf())
                .isEqualTo("user:owner");
        Browser.assertAccessible(page);
        Browser.shoot(page, "agents");
        page.navigate("/activity");
        assertThat(page.locator(".recent")).containsText("asked");
        Browser.assertAccessible(page);
        Browser.shoot(page, "activity");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldBeCalmWhenNothingWaits() {
        Page page = browser.signedIn(1280, 800, ColorScheme.LIGHT);
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("Nothing waits for you");
        Browser.assertAccessible(page);
        Browser.shoot(page, "empty");
        // When: something comes while the page is open
        arrivals.arrive(scene.openingHours());
        // Then
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("One thing waits for you");
        assertThat(page.locator("nav .count")).hasText("1");
        assertThat(page).hasTitle("(1) One thing waits for you · Capitania");
        // When: signed out
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out"))
                .click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("Sign in");
        Browser.shoot(page, "sign-in");
        page.navigate("/");
        assertThat(page.locator("body")).containsText("hq sign-in");
    }
}
