package org.capitania.approval.console;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Starts the machine's Chromium; empty when it has none. */
    static Optional<Browser> start(URI console) {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .map(path -> new Browser(path, console));
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
}
