package org.capitania.supervisor.beats;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.BeatView;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Sql;
import org.capitania.supervisor.beats.BeatStore.Stored;
import org.jspecify.annotations.Nullable;

/** Beats over HTTP. */
@Path("/v1/beats")
@RunOnVirtualThread
class BeatsResource {
    private final CallContext call;
    private final Sql sql;
    private final Beats beats;
    private final BeatStore store;
    private final FireBeats fire;

    BeatsResource(CallContext call, Sql sql, Beats beats, BeatStore store, FireBeats fire) {
        this.call = call;
        this.sql = sql;
        this.beats = beats;
        this.store = store;
        this.fire = fire;
    }

    @GET
    public BeatView.Page list() {
        Map<String, Stored> stored = sql.read(call.scope(), store::all);
        List<BeatView> items = new ArrayList<>();
        for (Beat beat : beats.all()) {
            @Nullable Stored row = stored.get(beat.name());
            if (row != null) {
                items.add(view(beat, row));
            }
        }
        items.sort(Comparator.comparing(BeatView::name));
        return new BeatView.Page(items);
    }

    /** Fires it now; for people alone. */
    @POST
    @Path("/{name}/run")
    public void run(@PathParam("name") String name) {
        Caller caller = call.caller();
        if (!caller.isPerson()) {
            throw new CapitaniaException(ErrorCode.DENIED, caller.principal() + " may not fire a beat; a person may");
        }
        fire.byHand(call.scope(), name);
    }

    private static BeatView view(Beat beat, Stored stored) {
        return new BeatView(
                beat.name(),
                beat.role(),
                beat.description(),
                stored.cron(),
                stored.zone().getId(),
                beat.missed().name().toLowerCase(Locale.ROOT),
                stored.nextDueAt(),
                stored.lastDueAt(),
                stored.lastFiredAt());
    }
}
