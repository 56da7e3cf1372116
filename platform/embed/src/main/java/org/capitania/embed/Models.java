package org.capitania.embed;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The models of this process, each made when it is first wanted. */
final class Models {
    private final Map<String, Lazy> models;

    Models(Optional<String> voyageKey, Optional<String> voyageUrl) {
        Lazy local = new Lazy(LocalModel::new);
        models = voyageKey.isEmpty()
                ? Map.of(LocalModel.NAME, local)
                : Map.of(
                        LocalModel.NAME,
                        local,
                        VoyageModel.NAME,
                        new Lazy(() -> new VoyageModel(voyageKey.get(), voyageUrl.orElse(null))));
    }

    TextModel named(String name) {
        Lazy model = models.get(name);
        if (model == null) {
            throw new CapitaniaException(
                    ErrorCode.NOT_CONFIGURED,
                    name.equals(VoyageModel.NAME)
                            ? "no key of Voyage AI is configured (hq.embedding.voyage.api-key)"
                            : "no model is called " + name + "; there are " + models.keySet());
        }
        return model.get();
    }

    private static final class Lazy {
        private final Supplier<TextModel> maker;
        private @Nullable TextModel made;

        Lazy(Supplier<TextModel> maker) {
            this.maker = maker;
        }

        synchronized TextModel get() {
            TextModel model = made;
            if (model == null) {
                model = maker.get();
                made = model;
            }
            return model;
        }
    }
}
