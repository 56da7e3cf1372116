package org.capitania.approval.console;

import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.net.URI;
import org.capitania.approval.proposal.Arrivals;
import org.capitania.testkit.FakePeers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of the console by a real browser, with its peers played and nothing waiting yet. */
abstract class InBrowser {
    /** One for all tests of a class: it takes longer to start than to use. */
    static Browser browser;

    @Inject
    Arrivals arrivals;

    @TestHTTPResource("/")
    URI console;

    FakePeers peers;
    Scene scene;

    @BeforeEach
    void openBrowser() {
        if (browser == null) {
            browser = Browser.start(console);
        }
        browser.forget();
        peers = FakePeers.listen();
        scene = new Scene(peers);
        arrivals.clear();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }
}
