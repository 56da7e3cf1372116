package org.capitania.approval.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.DoubtList;
import org.capitania.contract.api.NotificationView;
import org.capitania.contract.api.OpenReview;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The questions that wait for a person, in a real browser; beside them the other pages of what a person has to look at, on a phone. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class ReviewsPageIT extends InBrowser {
    private static final Option DONE = new Option("done", "It is done");
    private static final OpenReview BUDGET = new OpenReview(
            "budget",
            "chief has used up its money for today",
            "$4.00 of $4.00 are used. What comes in waits until midnight, and nothing is lost; hq budget set chief 6 raises it.",
            null,
            List.of(DONE));
    private static final OpenReview PROVIDER = new OpenReview(
            "provider", "No model of <b>anthropic</b> can be asked", "The key was refused.", null, List.of(DONE));
    private static final OpenReview CONFLICT = new OpenReview(
            "conflict",
            "Two addresses of Moinho",
            "The offer of 3 November says Porto, the mail of yesterday says Braga.",
            "entity-moinho",
            List.of(new Option("opt-1", "Porto stays"), new Option("opt-2", "Braga is right")));

    @BeforeEach
    void open() {
        List<String> open = as("user:owner").get("/v1/reviews").path("items.id");
        open.forEach(id -> as("user:owner")
                .contentType(ContentType.JSON)
                .body(Map.of("reason", "clearing up"))
                .post("/v1/reviews/{id}/dismiss", id));
    }

    @Test
    void shouldBeAnsweredPutOffAndDismissedByKeysAlone() {
        // Given
        Page page = browser.signedIn(1280, 800, ColorScheme.LIGHT);
        page.navigate("/reviews");
        assertThat(headline(page)).hasText("No question waits for you");
        assertThat(page.locator("nav .count")).hasCount(0);
        Browser.assertAccessible(page);
        Browser.shoot(page, "reviews-empty");
        // When: they come while the page is open, and while it looks
        ask(BUDGET);
        ask(PROVIDER);
        ask(CONFLICT);
        assertThat(headline(page)).hasText("Three questions wait for you");
        assertThat(page.locator("main")).containsText("No model of <b>anthropic</b> can be asked");
        Browser.assertAccessible(page);
        Browser.shoot(page, "reviews");
        // Then: the oldest is done
        page.keyboard().press("j");
        page.keyboard().press("Enter");
        assertThat(headline(page)).hasText(BUDGET.title());
        assertThat(page.locator("nav .count")).hasText("3");
        Browser.assertAccessible(page);
        Browser.shoot(page, "review");
        page.keyboard().press("a");
        assertThat(headline(page)).hasText("Two questions wait for you");
        assertThat(page.locator("[aria-labelledby=closed-title]")).containsText("answered");
        // Then: the next is dismissed with a reason
        page.keyboard().press("j");
        page.keyboard().press("Enter");
        assertThat(headline(page)).hasText(PROVIDER.title());
        page.keyboard().press("r");
        assertThat(page.getByLabel("Why does it need no answer?")).isFocused();
        page.keyboard().type("We left them");
        Browser.shoot(page, "review-dismiss");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(headline(page)).hasText("One question waits for you");
        // Then: the last is put off
        page.keyboard().press("j");
        page.keyboard().press("Enter");
        assertThat(page.locator("main")).containsText("hq describe entity-moinho");
        page.keyboard().press("d");
        assertThat(page.getByLabel("Note")).isFocused();
        Browser.assertAccessible(page);
        Browser.shoot(page, "review-defer");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("For a week"))
                .click();
        assertThat(headline(page)).hasText("No question waits for you");
        assertThat(page.locator("[aria-labelledby=later-title]")).containsText(Pattern.compile("in [67] days"));
        Browser.shoot(page, "reviews-later");
        // Then: and taken up before its time
        page.locator("[aria-labelledby=later-title] a").first().click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Braga is right"))
                .click();
        assertThat(page.locator("[aria-labelledby=closed-title]")).containsText("Braga is right");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldFitAPhoneWithEveryPageOfWhatAPersonHasToLookAt() {
        // Given
        ask(BUDGET);
        String id = ask(CONFLICT);
        as("system:tool-registry")
                .contentType(ContentType.JSON)
                .header("Idempotency-Key", id)
                .body(Json.write(new NotificationView.Request(
                        "now",
                        "Rita of Padaria Lisboa cancels the delivery of today and asks for a call before noon.",
                        List.of(),
                        true,
                        null,
                        id)))
                .post("/v1/notifications")
                .then()
                .statusCode(200);
        peers.on(
                Service.TOOL_REGISTRY,
                "GET",
                "/v1/doubts",
                r -> new DoubtList(List.of(new DoubtList.Doubt(
                        "s:1:0",
                        null,
                        "hq_event_log",
                        "agent:operator",
                        "task-1",
                        "an earlier try was not answered",
                        Json.tree(Map.of("title", "The yard is closed from the 24th to the 27th", "kind", "milestone")),
                        Instant.parse("2026-11-20T09:00:00Z")))));
        for (ColorScheme colors : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = browser.signedIn(390, 844, colors);
            for (String address : Arrays.asList("/", "/reviews", "/reviews/" + id, "/doubts", "/activity")) {
                // When
                page.navigate(address);
                // Then
                Browser.assertNoSideways(page);
                Browser.assertAccessible(page);
                String name = address.replace("/" + id, "-one").replace("/", "phone-");
                Browser.shoot(page, name + "-" + colors.name().toLowerCase(Locale.ROOT));
            }
        }
        Page wide = browser.signedIn(1280, 800, ColorScheme.LIGHT);
        for (String address : List.of("/", "/doubts")) {
            wide.navigate(address);
            Browser.assertAccessible(wide);
            Browser.shoot(wide, "wide" + address.replace("/", "-"));
        }
        assertThat(wide.locator(".question form button:visible")).hasCount(2);
        wide.evaluate("document.addEventListener('submit', () => { window.sent = true; }, true)");
        wide.getByLabel("How you know").fill("I asked Rita");
        wide.getByLabel("How you know").press("Enter");
        assertThat(wide.evaluate("window.sent")).isNull();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldAcceptAnAnswerFromItsOwnFormOnly() {
        // Given
        String id = ask(CONFLICT);
        Page page = browser.signedIn(1280, 800, ColorScheme.LIGHT);
        page.navigate("/reviews/" + id);
        // When: the token of another session
        page.evaluate("() => document.querySelectorAll('[name=token]').forEach(t => t.value = 'guessed')");
        page.getByLabel("Note").fill("Rita said so");
        answer(page).click();
        // Then
        assertThat(page.locator("#said")).containsText("This is not allowed");
        assertThat(page.getByLabel("Note")).hasValue("Rita said so");
        Browser.shoot(page, "review-refused");
        // When: Enter alone chooses none of two
        page.evaluate("document.addEventListener('submit', () => { window.sent = true; }, true)");
        page.getByLabel("Note").press("Enter");
        // Then
        assertThat(page.evaluate("window.sent")).isNull();
        as("user:owner").get("/v1/reviews/{id}", id).then().body("status", equalTo("open"));
        as("user:owner").get("/reviews?format=md").then().body(containsString("opt-2 (Braga is right)"));
        as("user:owner").get("/reviews/{id}?format=md", id).then().body(containsString("about: entity-moinho"));
        as("user:owner").get("/reviews/{id}?format=json", id).then().body("word", equalTo("waits for you"));
        given().get("/reviews").then().statusCode(401);
        as("system:tool-registry").get("/reviews?format=json").then().statusCode(403);
        // When: it is answered elsewhere while the page is open
        page.navigate("/reviews/" + id);
        as("user:owner")
                .contentType(ContentType.JSON)
                .body(Map.of("choice", "opt-1"))
                .post("/v1/reviews/{id}/resolve", id)
                .then()
                .statusCode(200);
        answer(page).click();
        // Then
        assertThat(page.locator("#said")).containsText("It has changed meanwhile");
    }

    private static Locator headline(Page page) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1));
    }

    private static Locator answer(Page page) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Braga is right"));
    }

    private static String ask(OpenReview review) {
        return as("system:ingest-workers")
                .contentType(ContentType.JSON)
                .body(Json.write(review))
                .post("/v1/reviews")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private static RequestSpecification as(String principal) {
        return given().auth().oauth2(TestTokens.bearer(principal, Service.APPROVAL_SERVICE));
    }
}
