package org.capitania.registry.models;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a provider for the list of its models, which costs nothing: whether it takes our key. */
@ApplicationScoped
class KeyProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final SignIns signIns;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    KeyProbe(SignIns signIns) {
        this.signIns = signIns;
    }

    /** False also while it cannot be reached. */
    boolean takesOurKey(Provider provider) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(provider.models()).timeout(PATIENCE).GET();
        provider.headers().forEach(request::setHeader);
        try {
            HttpResponse<Void> answer = http.send(request.build(), BodyHandlers.discarding());
            boolean refused = answer.statusCode() == 401 || answer.statusCode() == 403;
            if (refused) {
                signIns.refused(provider);
            } else {
                signIns.worked(provider);
            }
            return !refused;
        } catch (IOException e) {
            Log.debugf("provider not reached for a probe provider=%s why=%s", provider.name(), e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
