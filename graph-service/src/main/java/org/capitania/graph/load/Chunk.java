package org.capitania.graph.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.MutationOp;
import org.capitania.graph.mutation.BatchReader;
import org.jspecify.annotations.Nullable;

/** Some lines of a file, read as ops, with the number of the line that each stands on. */
final class Chunk {
    private static final int MOST_FAULTS = 20;
    private static final Pattern PLACE = Pattern.compile("/ops(?:/(\\d+))?(?=[/: ]|$)");
    /** U+0000, which JSON can say and the store cannot keep. */
    private static final Pattern NO_TEXT = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u0000");

    private final List<MutationOp> ops;
    private final long[] numbers;
    private final long first;
    private final long last;
    private final String digest;

    private Chunk(List<MutationOp> ops, long[] numbers, long first, long last, String digest) {
        this.ops = ops;
        this.numbers = numbers;
        this.first = first;
        this.last = last;
        this.digest = digest;
    }

    List<MutationOp> ops() {
        return ops;
    }

    /** The line an op stands on. */
    long line(int op) {
        return numbers[op];
    }

    /** The line before its first. */
    long after() {
        return first - 1;
    }

    /** The last line of the chunk, blank ones included. */
    long last() {
        return last;
    }

    /** Of the file up to its last line. */
    String digest() {
        return digest;
    }

    /** The same lines, whose refs have been made out. */
    Chunk with(List<MutationOp> resolved) {
        return new Chunk(resolved, numbers, first, last, digest);
    }

    /** A failure in the words of the file: its lines instead of ops. */
    CapitaniaException inLines(CapitaniaException e) {
        List<FieldError> faults = e.errors().stream()
                .limit(MOST_FAULTS)
                .map(fault -> new FieldError(
                        inLines(fault.path()), fault.type(), fault.found(), fault.allowed(), inLines(fault.message())))
                .toList();
        String detail = inLines(e.detail());
        String where = faults.isEmpty() ? detail : faults.getFirst().path();
        Matcher named = Pattern.compile("/lines/(\\d+)").matcher(where);
        String line = named.find() ? "line " + named.group(1) : "lines " + first + " to " + last;
        String more = e.errors().size() > MOST_FAULTS
                ? " (" + e.errors().size() + " faults in lines " + first + " to " + last + ", the first of them listed)"
                : "";
        return new CapitaniaException(e.code(), line + ": " + detail + more, faults, e.hint(), e.getCause());
    }

    private String inLines(String text) {
        return PLACE.matcher(text)
                .replaceAll(place ->
                        place.group(1) == null ? "/lines" : "/lines/" + numbers[Integer.parseInt(place.group(1))]);
    }

    /** A fault of one line. */
    static CapitaniaException fault(
            ErrorCode code, long line, String at, @Nullable String found, String allowed, String why) {
        String path = "/lines/" + line + at;
        return new CapitaniaException(
                code, "line " + line + ": " + why, List.of(new FieldError(path, found, allowed, why)));
    }

    /** Collects lines until the chunk is full. */
    static final class Builder {
        private final List<MutationOp> ops = new ArrayList<>();
        private final List<Long> numbers = new ArrayList<>();
        private final long first;
        private long last;
        private long bytes;

        Builder(long after) {
            first = after + 1;
            last = after;
        }

        void add(long number, byte[] line) {
            last = number;
            bytes += line.length;
            String text = new String(line, StandardCharsets.UTF_8);
            if (!text.isBlank()) {
                ops.add(op(number, line, text));
                numbers.add(number);
            }
        }

        int size() {
            return ops.size();
        }

        long bytes() {
            return bytes;
        }

        /** @param digest of the file up to the last line */
        Chunk build(String digest) {
            return new Chunk(
                    List.copyOf(ops),
                    numbers.stream().mapToLong(Long::longValue).toArray(),
                    first,
                    last,
                    digest);
        }

        private static MutationOp op(long number, byte[] line, String text) {
            // The pattern looks closely where there is something to look at.
            if (text.contains("\\u0000") && NO_TEXT.matcher(text).find()) {
                throw fault(
                        ErrorCode.SCHEMA_VIOLATION,
                        number,
                        "",
                        "\\u0000",
                        "text without U+0000",
                        "a text holds the character U+0000");
            }
            switch (parsed(number, line)) {
                case MutationOp.Create create -> {
                    present(number, "/type", create.type());
                    return create;
                }
                case MutationOp.Link link -> {
                    present(number, "/type", link.type());
                    present(number, "/from", link.from());
                    present(number, "/to", link.to());
                    return link;
                }
                case null, default -> {}
            }
            throw fault(
                    ErrorCode.SCHEMA_VIOLATION,
                    number,
                    "/op",
                    "another op",
                    "create, link",
                    "a file makes nodes (create) and edges (link); other changes go to POST /v1/mutations");
        }

        private static @Nullable MutationOp parsed(long number, byte[] line) {
            try {
                return BatchReader.op(line);
            } catch (CapitaniaException e) {
                List<FieldError> faults = e.errors().isEmpty()
                        ? List.of(new FieldError("", null, "one JSON object", e.detail()))
                        : e.errors();
                throw new CapitaniaException(
                        ErrorCode.SCHEMA_VIOLATION,
                        "line " + number + ": " + e.detail(),
                        faults.stream()
                                .map(fault -> new FieldError(
                                        "/lines/" + number + fault.path(),
                                        fault.type(),
                                        fault.found(),
                                        fault.allowed(),
                                        fault.message()))
                                .toList(),
                        null,
                        e);
            }
        }

        private static void present(long number, String at, @Nullable String value) {
            if (value == null) {
                throw fault(ErrorCode.SCHEMA_VIOLATION, number, at, null, "a text", at + " is absent");
            }
        }
    }
}
