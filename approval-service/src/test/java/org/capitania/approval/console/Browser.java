package org.capitania.approval.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotCaret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.capitania.contract.Service;
import org.capitania.testkit.TestTokens;

/** A real Chromium without a profile. What it logs as an error, or asks of another host, is kept. */
final class Browser implements AutoCloseable {
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--font-render-hinting=none");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final URI console;
    private final List<String> complaints = new ArrayList<>();

    private Browser(Path executable, URI console) {
        this.console = console;
        this.playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        this.chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(FLAGS));
    }

    /** Starts the machine's Chromium: a test that is skipped where there is none would prove nothing there. */
    static Browser start(URI console) {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .map(path -> new Browser(path, console))
                .orElseThrow(() -> new IllegalStateException("no Chromium on this machine: apt-get install chromium"));
    }

    /** A window, signed in by a fresh link. */
    Page signedIn(int width, int height, ColorScheme colors) {
        Page page = window(width, height, colors);
        page.navigate(signInLink());
        page.waitForURL(console.toString());
        return page;
    }

    Page window(int width, int height, ColorScheme colors) {
        BrowserContext context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setBaseURL(console.toString())
                .setViewportSize(width, height)
                .setDeviceScaleFactor(2)
                .setLocale("en-GB")
                .setTimezoneId("Europe/Lisbon")
                .setColorScheme(colors));
        context.setDefaultTimeout(10_000);
        context.onRequest(r -> {
            if (!r.url().startsWith(console.toString())) {
                complaints.add("foreign request " + r.url());
            }
        });
        context.onConsoleMessage(m -> {
            // A refused form is an answer of 4xx, which the browser logs as well.
            if (m.type().equals("error") && !m.text().startsWith("Failed to load resource")) {
                complaints.add(m.text());
            }
        });
        return context.newPage();
    }

    String signInLink() {
        return console.resolve("/sign-in?ticket="
                        + TestTokens.with("user:owner", Service.APPROVAL_SERVICE, "main", Map.of("use", "sign-in")))
                .toString();
    }

    /** Closes every window and forgets what was complained about. */
    void forget() {
        chromium.contexts().forEach(BrowserContext::close);
        complaints.clear();
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }

    /** On a narrow screen nothing is wider than it. */
    static void assertNoSideways(Page page) {
        assertThat((Boolean) page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))
                .as("the page scrolls sideways")
                .isTrue();
    }

    /** What axe finds. */
    @SuppressWarnings("unchecked")
    static void assertAccessible(Page page) {
        page.evaluate(axe());
        List<String> violations = (List<String>)
                page.evaluate(
                        "async () => (await axe.run(document)).violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join(' | '))");
        assertThat(violations).isEmpty();
    }

    private static String axe() {
        try (InputStream script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where {@code -Dhq.screenshots} names a directory. */
    static void shoot(Page page, String name) {
        String directory = System.getProperty("hq.screenshots");
        if (directory != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setCaret(ScreenshotCaret.INITIAL)
                    .setPath(Path.of(directory, name + ".png")));
        }
    }
}
