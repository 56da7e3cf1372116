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
import java.util.UUID;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A page that changes by itself, or is refused something, keeps what a person reads, does and types on it. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class LivePageIT extends InBrowser {
    private UUID id;
    private Page page;

    @BeforeEach
    void open() {
        FrozenCall reply = scene.openingHours();
        id = arrivals.arrive(reply);
        page = browser.signedIn(1440, 900, ColorScheme.LIGHT);
        page.navigate("/proposals/" + id);
    }

    @Test
    void shouldLetNobodyApproveWhatTheyHaveNotRead() {
        // Given
        Locator approve = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve and send"));
        assertThat(approve).isVisible();
        // When
        arrivals.edit(id, "user:ana", "Re: Hours");
        // Then
        Locator told = page.locator("#draft .banner.warn");
        assertThat(told).containsText("changed while you were looking");
        assertThat(page.locator(".letter")).containsText("Re: Hours");
        assertThat(page.locator("h1")).hasText("Re: Hours");
        assertThat(approve).hasCount(0);
        Browser.assertAccessible(page);
        Browser.shoot(page, "changed-live");
        // When: it is read anew once more
        refresh("hq:changed-" + id);
        // Then
        assertThat(told).isVisible();
        assertThat(approve).hasCount(0);
        // When
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("I have read this version"))
                .click();
        // Then
        assertThat(approve).isVisible();
        assertThat(page.locator(".banner.warn")).hasCount(0);
    }

    @Test
    void shouldStayUnfoldedAndInFocusWhenItIsReadAnew() {
        // Given
        page.locator("#history summary").click();
        page.locator("#approve").focus();
        // When
        refresh("hq:changed-" + id);
        // Then
        assertThat(page.locator("#history li").first()).isVisible();
        assertThat(page.locator("#approve")).isFocused();
    }

    @Test
    void shouldKeepWhatWasTypedWhenItIsRefusedOrNobodyIsSignedInAnyMore() {
        // Given
        Locator step = page.locator(".step").nth(1);
        step.locator("summary", new Locator.LocatorOptions().setHasText("Grade"))
                .click();
        // When: a step is missing, but not which
        Locator missing = step.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("missing"));
        missing.click();
        // Then
        Locator said = page.locator("#said");
        assertThat(said).containsText("That did not work");
        assertThat(said).containsText("what should have happened after this step");
        Browser.assertAccessible(page);
        Browser.shoot(page, "refused-grade");
        // When: Enter alone is no grade
        page.evaluate("document.addEventListener('submit', () => { window.sent = true; }, true)");
        step.getByLabel("Note").fill("Call her first");
        step.getByLabel("Note").press("Enter");
        // Then
        assertThat(page.evaluate("window.sent")).isNull();
        // When
        page.context().clearCookies();
        missing.click();
        // Then
        assertThat(said).containsText("You are not signed in any more");
        assertThat(step.getByLabel("Note")).hasValue("Call her first");
        // When: the page is read anew
        refresh("hq:changed-" + id);
        // Then
        assertThat(page.locator("#draft .letter")).isVisible();
        Browser.shoot(page, "signed-out");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldSendNothingWhenEnterIsPressedInALineOfTheDraft() {
        page.navigate("/proposals/" + id + "?do=edit");
        page.evaluate("document.addEventListener('submit', () => { window.sent = true; }, true)");
        page.getByLabel("Subject").press("Enter");
        page.getByLabel("Why").press("Enter");
        assertThat(page.evaluate("window.sent")).isNull();
    }

    @Test
    void shouldShowWhatAnEditWouldDoBeforeItIsApprovedWhenItIsNoMail() {
        // Given
        page.navigate("/proposals/" + arrivals.arrive(scene.merge()) + "?do=edit");
        Locator approve = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("approve"));
        assertThat(approve).hasCount(0);
        // When: whatever its form says
        page.getByLabel("Arguments").fill("{\"action\":\"merge\",\"ref\":\"entity-frama\"}");
        page.evaluate("document.querySelector('.edit [name=then]').value = 'approve'");
        page.locator(".edit [name=then]").click();
        // Then
        assertThat(page.locator(".pane-draft .banner")).containsText("Saved, but not approved yet");
        assertThat(approve).isVisible();
    }

    @Test
    void shouldSayThatNoAnswerCameWhenTheConsoleIsGone() {
        page.route("**/approve", route -> route.abort());
        page.locator("#approve").click();
        assertThat(page.locator("#said")).containsText("No answer came");
        // When: it is there again
        page.unroute("**/approve");
        page.locator("#approve").click();
        // Then
        assertThat(page.locator(".outcome .state")).hasText("approved");
        assertThat(page.locator("#said")).isHidden();
    }

    /** Lets the page hear of a change, and waits until it has settled. */
    private void refresh(String event) {
        page.waitForResponse(
                response -> response.url().contains("part=draft"),
                () -> page.evaluate("name => htmx.trigger(document.body, name)", event));
        assertThat(page.locator(".htmx-request, .htmx-swapping, .htmx-settling"))
                .hasCount(0);
    }
}
