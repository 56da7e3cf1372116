package org.capitania.registry.models;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.servicekit.PatientHttp;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Takes a request to a provider with our key and brings its bytes back as they come; what it cost is settled when the last one is there. */
@ApplicationScoped
class PassThrough {
    private static final List<String> TO_PROVIDER = List.of(
            "content-type", "accept", "anthropic-version", "anthropic-beta", "openai-organization", "openai-project");

    private final ModelsConfig config;
    private final Prices prices;
    private final Budget budget;
    private final SignIns signIns;
    private final KeyRefusals keys;
    private final ProviderPace pace;
    private final ProviderWindows windows;
    private final Settlements settlements;
    private final Clock clock;
    private final Sql sql;
    private final PatientHttp http = PatientHttp.outside(Duration.ofSeconds(10));

    PassThrough(
            ModelsConfig config,
            Prices prices,
            Budget budget,
            SignIns signIns,
            KeyRefusals keys,
            ProviderPace pace,
            ProviderWindows windows,
            Settlements settlements,
            Clock clock,
            Sql sql) {
        this.settlements = settlements;
        this.windows = windows;
        this.clock = clock;
        this.config = config;
        this.prices = prices;
        this.budget = budget;
        this.signIns = signIns;
        this.keys = keys;
        this.pace = pace;
        this.sql = sql;
    }

    /** An answer that has begun; its body must be written to the end, or closed. */
    record Answer(PatientHttp.Answer response, ModelCall call, BigDecimal reserved) {}

    /** Sends it; the money is set aside before. A provider that cannot be reached is {@code provider_unavailable}. */
    Answer send(
            Provider provider,
            String path,
            ModelCall call,
            BigDecimal estimate,
            MultivaluedMap<String, String> headers,
            byte[] body) {
        HttpUriRequestBase request = request(provider, path, headers, body);
        Optional<Instant> again = signIns.notBefore(provider);
        if (again.isPresent()) {
            throw budget.refused(call, refusedKey(provider));
        }
        budget.reserve(call, estimate);
        PatientHttp.Answer response;
        try {
            response = http.send(request, config.timeout(), config.stall(), config.longest());
        } catch (IOException e) {
            // A request that may have arrived may have been charged.
            boolean reached = !(e instanceof PatientHttp.Unreached);
            budget.settle(call, Usage.NONE, reached ? estimate : BigDecimal.ZERO, "failed:connection");
            throw new CapitaniaException(
                    ErrorCode.PROVIDER_UNAVAILABLE,
                    provider.name() + " does not answer: " + e.getClass().getSimpleName(),
                    e);
        }
        if (response.status() == 401 || response.status() == 403) {
            Log.errorf(
                    "a model provider refused our key provider=%s status=%d not_before=%s",
                    provider.name(), response.status(), signIns.refused(provider));
            keys.refused(call.scope(), call.role(), provider.name(), refusedKey(provider));
        } else {
            signIns.worked(provider);
            if (response.status() >= 400) {
                // Nobody is to ask again before it is known.
                sql.run(call.scope(), tx -> heard(tx, call, response));
            }
        }
        return new Answer(response, call, estimate);
    }

    /** What an answer says of the key, the pace and the window. */
    private void heard(Tx tx, ModelCall call, PatientHttp.Answer response) {
        pace.heard(tx, call.provider(), response.status(), retryAfter(response));
        windows.heard(tx, call.provider(), ProviderWindows.read(response.headers(), clock.instant()));
        keys.worked(tx, call.role(), call.provider());
    }

    private CapitaniaException refusedKey(Provider provider) {
        return new CapitaniaException(
                        ErrorCode.PROVIDER_REJECTED,
                        provider.name() + " refuses our key; it is tried again every "
                                + config.signInPause().toMinutes() + " minutes")
                .withHint("correct the key of tool-registry");
    }

    /** Copies the body as it comes, and settles, beside the caller when it is whole; where a stream stops coming, it says so in its own form. */
    void copy(Answer answer, OutputStream out) throws IOException {
        UsageReader reader = new UsageReader(contentType(answer.response()));
        String status = Budget.CUT_OFF;
        try (InputStream in = answer.response().body()) {
            byte[] buffer = new byte[16 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                reader.accept(buffer, n);
                out.write(buffer, 0, n);
                out.flush();
            }
            status = "done";
        } catch (PatientHttp.Stalled e) {
            status = Budget.STALLED;
            if (!contentType(answer.response()).startsWith("text/event-stream")) {
                throw e;
            }
            out.write(stalled(e.getMessage()).getBytes(StandardCharsets.UTF_8));
            out.flush();
        } finally {
            Usage usage = reader.end();
            settle(answer, usage, reader.ended(), status);
        }
    }

    private static String stalled(@Nullable String why) {
        String message = "the provider's answer stopped coming: " + why;
        return "\n\nevent: error\ndata: "
                + Json.write(Map.of("type", "error", "error", Map.of("type", "stalled", "message", message))) + "\n\n";
    }

    /**
     * Settles a call.
     *
     * @param ended whether the figures are the provider's last
     */
    private void settle(Answer answer, Usage usage, boolean ended, String status) {
        ModelCall call = answer.call();
        int code = answer.response().status();
        if (code >= 400) {
            budget.settle(call, usage, BigDecimal.ZERO, "failed:" + code);
            return;
        }
        BigDecimal counted = prices.cost(call.provider(), call.model(), usage);
        // Without figures, or cut off before the last of them, what was set aside is the safe assumption.
        BigDecimal cost = usage.counted() && ended ? counted : answer.reserved().max(counted);
        if (ended && status.equals("done")) {
            settlements.begin(
                    call, () -> budget.settle(call, usage, cost, status, tx -> heard(tx, call, answer.response())));
        } else {
            budget.settle(
                    call,
                    usage,
                    cost,
                    status.equals("done") ? Budget.CUT_OFF : status,
                    tx -> heard(tx, call, answer.response()));
        }
    }

    /** Seconds only: no provider sends the date form. */
    private static @Nullable Duration retryAfter(PatientHttp.Answer response) {
        return response.headers()
                .firstValue("retry-after")
                .filter(seconds -> seconds.matches("\\d{1,6}(\\.\\d{1,3})?"))
                .map(seconds -> Duration.ofMillis((long) (Double.parseDouble(seconds) * 1000)))
                .orElse(null);
    }

    static String contentType(PatientHttp.Answer response) {
        return response.headers()
                .firstValue("content-type")
                .orElse("application/json")
                .toLowerCase(Locale.ROOT);
    }

    private static HttpUriRequestBase request(
            Provider provider, String path, MultivaluedMap<String, String> headers, byte[] body) {
        HttpPost request = new HttpPost(provider.address(path));
        request.setEntity(new ByteArrayEntity(body, null));
        for (String name : TO_PROVIDER) {
            List<String> values = headers.getOrDefault(name, List.of());
            values.forEach(value -> request.addHeader(name, value));
        }
        provider.headers().forEach(request::setHeader);
        return request;
    }
}
