package org.capitania.e2e;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A mail as somebody's client would write it; each has its own message id unless it is given one. */
final class Mail {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String body = "Hello,\r\n\r\nwhen are you open on Saturdays?\r\n\r\nBest, Ana\r\n";
    private Charset charset = StandardCharsets.UTF_8;

    private Mail(String from) {
        headers.put("From", from);
        headers.put("To", "Company <" + FleetUnderTest.COMPANY_ADDRESS + ">");
        // An old one is overdue, which wakes chief a second time.
        headers.put("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(OffsetDateTime.now(ZoneOffset.UTC)));
        headers.put("Message-ID", "<" + UUID.randomUUID() + "@mail.example>");
        headers.put("Subject", "Opening hours");
        headers.put("MIME-Version", "1.0");
        headers.put("Content-Type", "text/plain; charset=utf-8");
    }

    static Mail from(String mailbox) {
        return new Mail(mailbox);
    }

    Mail header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    Mail without(String name) {
        headers.remove(name);
        return this;
    }

    Mail subject(String subject) {
        return header("Subject", subject);
    }

    Mail body(String text) {
        body = text;
        return this;
    }

    /** The body's bytes are of this charset, whatever the header says. */
    Mail encodedAs(Charset actual) {
        charset = actual;
        return this;
    }

    Mail html(String html) {
        return header("Content-Type", "text/html; charset=utf-8").body(html);
    }

    Mail attachment(String name, String type, byte[] content) {
        String text = body;
        return header("Content-Type", "multipart/mixed; boundary=\"cut\"")
                .body("--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n--cut\r\nContent-Type: "
                        + type
                        + "; name=\"" + name + "\"\r\nContent-Disposition: attachment; filename=\"" + name
                        + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                        + Base64.getMimeEncoder().encodeToString(content) + "\r\n--cut--\r\n");
    }

    String messageId() {
        return headers.getOrDefault("Message-ID", "");
    }

    byte[] bytes() {
        StringBuilder head = new StringBuilder();
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] top = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] text = body.getBytes(charset);
        byte[] all = new byte[top.length + text.length];
        System.arraycopy(top, 0, all, 0, top.length);
        System.arraycopy(text, 0, all, top.length, text.length);
        return all;
    }
}
