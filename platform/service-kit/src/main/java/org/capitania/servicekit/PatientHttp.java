package org.capitania.servicekit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP answers that come piece by piece: slow is fine, silent is not. {@code HttpRequest.timeout} is not for
 * them: newer JDKs end a body by it as well.
 */
public final class PatientHttp {
    private PatientHttp() {}

    /** An answer had begun, and then nothing came of it any more, or it did not end. */
    public static final class Stalled extends IOException {
        Stalled(String why, @Nullable Throwable cause) {
            super(why, cause);
        }
    }

    /** Sends, and waits so long for the answer to begin: {@link HttpTimeoutException}. An interrupt ends it too. */
    public static HttpResponse<InputStream> send(HttpClient http, HttpRequest request, Duration patience)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> answer = http.sendAsync(request, BodyHandlers.ofInputStream());
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer within " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /**
     * The body of an answer, to be closed; reading it throws {@link Stalled}.
     *
     * @param stall how long a read may wait for the next piece
     * @param longest how long all of it may take
     */
    public static InputStream body(HttpResponse<InputStream> response, Duration stall, Duration longest) {
        Watched body = new Watched(response.body(), stall, longest);
        Thread.startVirtualThread(body::watch);
        return body;
    }

    private static final class Watched extends FilterInputStream {
        private final Duration stall;
        private final Duration longest;
        private final long begun = System.nanoTime();
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile long since = begun;
        private volatile boolean reading;
        private volatile @Nullable String why;

        Watched(InputStream in, Duration stall, Duration longest) {
            super(in);
            this.stall = stall;
            this.longest = longest;
        }

        /** Closes the stream under a reader that waits in vain. */
        private void watch() {
            try {
                while (true) {
                    long now = System.nanoTime();
                    // Who does not read, because its own reader is slow, waits for nothing.
                    long silence = stall.toNanos() - (reading ? now - since : 0);
                    long rest = longest.toNanos() - (now - begun);
                    if (silence <= 0 || rest <= 0) {
                        why = silence <= 0
                                ? "nothing came for " + stall.toSeconds() + " s"
                                : "it did not end within " + longest.toSeconds() + " s";
                        in.close();
                        return;
                    }
                    if (over.await(Math.min(silence, rest), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                }
            } catch (IOException e) {
                over.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            since = System.nanoTime();
            reading = true;
            try {
                int read = in.read(bytes, from, length);
                if (read < 0) {
                    ended(null);
                }
                return read;
            } catch (Stalled e) {
                throw e;
            } catch (IOException e) {
                ended(e);
                throw e;
            } finally {
                reading = false;
            }
        }

        private void ended(@Nullable IOException cause) throws Stalled {
            String stalled = why;
            if (stalled != null) {
                throw new Stalled(stalled, cause);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public void close() throws IOException {
            over.countDown();
            super.close();
        }
    }
}
