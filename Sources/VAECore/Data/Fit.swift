// Whether a data set fits a model: decided here for training, the commands and the screens.

extension ModelConfiguration {
    /// Refuses images that the model cannot be given: of another size or, to a conditional model, without labels or of
    /// a class that it does not know.
    /// - Parameters:
    ///   - name: the data set's.
    ///   - sameShape: whether height, width and channels must each be the model's, as in training. Otherwise as many
    ///     numbers will do: a file from elsewhere may tell no more than that of its images.
    /// - Throws: `CoreError(.data)` that names the data set.
    public func requireFit(_ images: ImageSet, of name: String, sameShape: Bool = false) throws(CoreError) {
        guard sameShape ? images.shape == image : images.shape.count == image.count else {
            throw CoreError(
                .data, "images of another size than the model's", at: name, expected: image.description,
                found: images.shape.description)
        }
        guard let classes else { return }
        let label = try images.largestLabel(of: name)
        guard label < classes else {
            throw CoreError(
                .data, "more classes than the model knows", at: name, expected: "labels below \(classes)",
                found: "label \(label)")
        }
    }

    /// Whether the model can be given these images.
    public func takes(_ images: ImageSet) -> Bool { (try? requireFit(images, of: "")) != nil }
}

extension Dataset {
    /// The classes that a conditional model for it knows: those up to the largest label, and two at least.
    /// - Throws: `CoreError(.data)` when it has no labels.
    public func classes() throws(CoreError) -> Int {
        max(2, try train.largestLabel(of: name) + 1, try test.largestLabel(of: name) + 1)
    }
}

extension ImageSet {
    fileprivate func largestLabel(of name: String) throws(CoreError) -> Int {
        guard let labels else {
            throw CoreError(
                .data, "a conditional model (--conditional) needs labels", at: name, expected: "data with labels",
                found: "none")
        }
        return Int(labels.max() ?? 0)
    }
}
