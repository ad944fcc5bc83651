// Whether a data set fits a model, for training, the commands and the screens alike.

extension ModelConfiguration {
    /// Checks that the model accepts some images: they must have its size and, for a conditional model, labels of
    /// classes that it knows.
    /// - Parameters:
    ///   - name: the name of the data set, for errors.
    ///   - sameShape: whether height, width and channels must each match, as in training. Otherwise the number of pixels
    ///     is enough, since a file from another program may not say more about its images.
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

    /// Whether the model accepts these images.
    public func takes(_ images: ImageSet) -> Bool { (try? requireFit(images, of: "")) != nil }
}

extension Dataset {
    /// The number of classes for a conditional model: the largest label plus 1, and at least 2.
    /// - Throws: `CoreError(.data)` when the data has no labels.
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
