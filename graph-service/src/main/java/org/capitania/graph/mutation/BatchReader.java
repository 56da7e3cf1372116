package org.capitania.graph.mutation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationOp;
import org.capitania.graph.ExactJson;

/** Reads batches: numbers exactly as they are written, and a member nobody knows is a fault and not ignored. */
public final class BatchReader {
    private static final int MOST_OPS = 2000;
    private static final ObjectReader BATCH = ExactJson.READER
            .forType(MutationBatch.class)
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final ObjectReader OP = BATCH.forType(MutationOp.class);

    private BatchReader() {}

    /** One op by itself; paths of faults begin at it. */
    public static MutationOp op(byte[] json) {
        return parse(OP, json);
    }

    static MutationBatch read(byte[] body) {
        MutationBatch batch = parse(BATCH, body);
        if (batch.ops().isEmpty()) {
            throw invalid(
                    "/ops", "", "at least one op", "a batch without ops changes nothing, and events need a cause");
        }
        if (batch.ops().size() > MOST_OPS) {
            throw new CapitaniaException(
                    ErrorCode.PAYLOAD_TOO_LARGE, batch.ops().size() + " ops in a batch; at most " + MOST_OPS);
        }
        return batch;
    }

    private static <T> T parse(ObjectReader reader, byte[] body) {
        try {
            return reader.readValue(body);
        } catch (UnrecognizedPropertyException e) {
            String allowed = String.valueOf(e.getKnownPropertyIds());
            throw invalid(pointer(e), e.getPropertyName(), allowed, "there is no member " + e.getPropertyName());
        } catch (JsonMappingException e) {
            throw invalid(pointer(e), "", "what the API describes", String.valueOf(e.getOriginalMessage()));
        } catch (JsonProcessingException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SHA-256 of what a batch says, whatever the order of its members. */
    static String fingerprint(MutationBatch batch) {
        try {
            Object plain = Json.MAPPER.treeToValue(Json.tree(batch), Object.class);
            byte[] canonical = Json.MAPPER
                    .writer()
                    .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .writeValueAsString(plain)
                    .getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("a batch that was read cannot be written", e);
        }
    }

    private static CapitaniaException invalid(String path, String found, String allowed, String message) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                path + ": " + message,
                List.of(new FieldError(path, found, allowed, message)));
    }

    private static String pointer(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            path.append('/')
                    .append(step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName());
        }
        return path.toString();
    }
}
