package org.capitania.registry.web;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Fetches a page, redirect by redirect, each of them checked as if it were the first. */
@ApplicationScoped
class Pages {

    /**
     * A page.
     *
     * @param uri where it was in the end
     * @param cut whether there was more than is taken
     */
    record Page(URI uri, int status, @Nullable String type, byte[] body, boolean cut, int redirects) {}

    private record Body(byte[] bytes, boolean cut) {}

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final WebConfig config;
    private final Exchange exchange;
    private final Names names;

    @jakarta.inject.Inject
    Pages(WebConfig config, Exchange exchange) {
        this(config, exchange, Names.system());
    }

    Pages(WebConfig config, Exchange exchange, Names names) {
        this.config = config;
        this.exchange = exchange;
        this.names = names;
    }

    void start(@Observes StartupEvent event) {
        if (config.extraAddresses().isPresent() && ConfigUtils.isProfileActive("prod")) {
            throw new IllegalStateException("hq.web.extra-addresses is for tests: take it out");
        }
    }

    /**
     * Fetches it.
     *
     * @param allowed throws for an address that the caller may not ask
     */
    Page fetch(String url, Consumer<URI> allowed) {
        long end = System.nanoTime() + config.timeout().toNanos();
        URI next = Destination.parse(url);
        for (int redirects = 0; ; redirects++) {
            allowed.accept(next);
            Destination destination = Destination.of(next, names, config.ports()::contains, this::asked);
            Exchange.Answer answer = exchange.get(destination, Map.of(), Duration.ofNanos(end - System.nanoTime()));
            if (!REDIRECTS.contains(answer.status()) || answer.location() == null) {
                Body body = unpacked(answer);
                return new Page(next, answer.status(), answer.type(), body.bytes(), body.cut(), redirects);
            }
            if (redirects >= config.redirects()) {
                throw new CapitaniaException(ErrorCode.PROVIDER_REJECTED, url + " is redirected too often");
            }
            URI to = Destination.parse(resolved(next, answer.location()));
            if (destination.secure() && !"https".equals(to.getScheme())) {
                throw new CapitaniaException(
                        ErrorCode.PROVIDER_REJECTED, next + " is redirected to where anybody could listen");
            }
            next = to;
        }
    }

    /** Asks an address that the owner has set, so that it may stand in our own network; it leads nowhere else, since a key may go with it. */
    Page ask(URI address, Map<String, String> headers) {
        Destination destination = Destination.of(address, names, port -> true, any -> true);
        Exchange.Answer answer = exchange.get(destination, headers, config.timeout());
        Body body = unpacked(answer);
        return new Page(address, answer.status(), answer.type(), body.bytes(), body.cut(), 0);
    }

    private boolean asked(InetAddress address) {
        return PublicAddress.is(address)
                || config.extraAddresses().orElse(List.of()).contains(address.getHostAddress());
    }

    private static String resolved(URI base, String location) {
        try {
            return base.resolve(location).toString();
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(ErrorCode.PROVIDER_REJECTED, "it is redirected to no address", e);
        }
    }

    private Body unpacked(Exchange.Answer answer) {
        String encoding =
                answer.encoding() == null ? "identity" : answer.encoding().strip();
        if (encoding.equalsIgnoreCase("identity")) {
            return new Body(answer.body(), answer.cut());
        }
        if (!encoding.equalsIgnoreCase("gzip") && !encoding.equalsIgnoreCase("x-gzip")) {
            throw new CapitaniaException(ErrorCode.PROVIDER_REJECTED, "it is packed in a way that was not asked for");
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            byte[] bytes = in.readNBytes(config.largestUnpacked());
            return new Body(bytes, answer.cut() || (bytes.length == config.largestUnpacked() && in.read() >= 0));
        } catch (IOException e) {
            throw new CapitaniaException(ErrorCode.PROVIDER_REJECTED, "it cannot be unpacked", e);
        }
    }
}
