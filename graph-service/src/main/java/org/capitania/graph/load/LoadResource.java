package org.capitania.graph.load;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.IOException;
import java.io.InputStream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.LoadReport;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/load}: a body of any length, sent in chunks ({@code Transfer-Encoding: chunked}), one JSON object a line. */
@Path("/v1/load")
@RunOnVirtualThread
class LoadResource {
    private static final int LONGEST_KEY = 200;

    private final LoadFile command;
    private final LoadStore store;
    private final LoadConfig config;
    private final CallContext call;

    LoadResource(LoadFile command, LoadStore store, LoadConfig config, CallContext call) {
        this.command = command;
        this.store = store;
        this.config = config;
        this.call = call;
    }

    @POST
    @Consumes({"application/x-ndjson", "application/jsonl", "application/json"})
    public LoadReport load(InputStream body) {
        Lines lines = new Lines(body, config.chunkBytes());
        try {
            try {
                Scope scope = call.scope().because("load of a file");
                return command.load(call.caller(), scope, key(call.idempotencyKey()), lines);
            } catch (RuntimeException e) {
                lines.drain();
                throw e;
            }
        } catch (IOException e) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST,
                    "the file broke off after line " + lines.number()
                            + "; sent again under the same key it goes on after the last chunk that is in",
                    e);
        }
    }

    @GET
    @Path("/{key}")
    public LoadReport report(@PathParam("key") String key) {
        return store.find(call.scope(), key)
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.NOT_FOUND, call.caller().actor() + " has loaded no file under the key " + key))
                .report();
    }

    private static String key(@Nullable String header) {
        if (header == null || header.length() > LONGEST_KEY) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST,
                    "a load takes an Idempotency-Key of up to " + LONGEST_KEY
                            + " characters: under it a load that was cut off goes on");
        }
        return header;
    }
}
