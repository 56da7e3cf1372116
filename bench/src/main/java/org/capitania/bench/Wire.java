package org.capitania.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One kept connection that speaks just enough HTTP/1.1: on a machine that client and server share, what a rich client computes would be
 * missing to the service.
 */
final class Wire implements AutoCloseable {
    private static final int OK = 200;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final String host;

    Wire(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream(), 65_536);
        host = "127.0.0.1:" + port;
    }

    /** The body of the answer; any status but 200 ends the benchmark. */
    String post(String path, String token, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return send("POST", path, token, "Content-Type: application/json\r\nContent-Length: " + bytes.length, bytes);
    }

    /** The same for a file, as a stream that says no length beforehand. */
    String postLines(String path, String token, String key, Path file) throws IOException {
        out.write(("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + token
                        + "\r\nIdempotency-Key: " + key
                        + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        byte[] end = "\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] piece = new byte[65_536];
        try (InputStream lines = Files.newInputStream(file)) {
            for (int length = lines.read(piece); length > 0; length = lines.read(piece)) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(piece, 0, length);
                out.write(end);
            }
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return answered("POST " + path);
    }

    String get(String path, String token) throws IOException {
        return send("GET", path, token, "Accept: application/json", new byte[0]);
    }

    private String send(String method, String path, String token, String header, byte[] body) throws IOException {
        byte[] head = (method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + token
                        + "\r\n" + header + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        out.write(all);
        return answered(method + " " + path);
    }

    private String answered(String request) throws IOException {
        String[] status = line().split(" ", 3);
        String answer = body();
        if (Integer.parseInt(status[1]) != OK) {
            throw new IllegalStateException(request + " answered " + status[1] + ": " + answer);
        }
        return answer;
    }

    private String body() throws IOException {
        int length = 0;
        boolean chunked = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).trim());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            }
        }
        if (!chunked) {
            return text(length);
        }
        StringBuilder all = new StringBuilder();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            all.append(text(size));
            line();
        }
        line();
        return all.toString();
    }

    private String text(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the service closed the connection within an answer");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the service closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
