package org.capitania.supervisor.platform;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** Deployments {@code agent-<role>} of this service's namespace, scaled to one or none; its account may patch {@code deployments/scale} and nothing else. */
final class KubernetesScale implements AgentPlatform {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI api;
    private final Path account;
    private final HttpClient http;

    KubernetesScale(URI api, Path account) {
        this.api = api;
        this.account = account;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
        if ("https".equals(api.getScheme())) {
            builder.sslContext(trusting(account.resolve("ca.crt")));
        }
        this.http = builder.build();
    }

    @Override
    public boolean able() {
        return true;
    }

    @Override
    public void start(String role) {
        scale(role, 1);
    }

    @Override
    public void stop(String role) {
        scale(role, 0);
    }

    private void scale(String role, int replicas) {
        try {
            // Read each time: the token is replaced while we run.
            String token = Files.readString(account.resolve("token")).strip();
            String namespace = Files.readString(account.resolve("namespace")).strip();
            URI scale = api.resolve("/apis/apps/v1/namespaces/" + namespace + "/deployments/agent-" + role + "/scale");
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(scale)
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/merge-patch+json")
                            .method(
                                    "PATCH",
                                    HttpRequest.BodyPublishers.ofString("{\"spec\":{\"replicas\":" + replicas + "}}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw failed("Kubernetes answered " + answer.statusCode() + " to the scale of agent-" + role);
            }
        } catch (IOException e) {
            throw failed("Kubernetes cannot be asked: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted while agent-" + role + " was scaled");
        }
    }

    private static SSLContext trusting(Path certificates) {
        try (InputStream in = Files.newInputStream(certificates)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate of Kubernetes cannot be read: " + certificates, e);
        }
    }

    private static CapitaniaException failed(String detail) {
        return new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, detail);
    }
}
