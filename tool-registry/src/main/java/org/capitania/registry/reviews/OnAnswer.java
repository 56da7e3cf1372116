package org.capitania.registry.reviews;

import org.capitania.contract.api.ReviewList.Review;
import org.capitania.servicekit.Tx;

/** Obeys what a person answered to a question that this service asked. */
public interface OnAnswer {
    /** A question that is closed or not, as approval-service has it; one that is none of its own it leaves alone. */
    void answered(Tx tx, Review review);
}
