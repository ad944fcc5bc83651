import Testing
import VAECore

/// Which series are the loss and its terms, guessed from the names that people give them.
@Suite struct CurveTagsTests {
    private func guessed(_ series: [String]) -> CurveTags {
        var tags = CurveTags()
        tags.guess(from: series)
        return tags
    }

    @Test func ourOwnLines() {
        let tags = guessed([
            "train.negative_elbo", "train.reconstruction", "train.kl", "learning_rate", "beta", "free_bits",
            "epoch.train.negative_elbo", "epoch.train.kl", "test.negative_elbo", "test.reconstruction", "test.kl",
            "active_units", "images_per_second", "seconds",
        ])
        #expect(tags.train == [.loss: "train.negative_elbo", .reconstruction: "train.reconstruction", .kl: "train.kl"])
        #expect(tags.test == [.loss: "test.negative_elbo", .reconstruction: "test.reconstruction", .kl: "test.kl"])
    }

    @Test func ourOwnEvents() {
        let names = ["loss/negative_elbo", "loss/reconstruction", "loss/kl", "settings/beta", "active_units", "images_per_second"]
        let tags = guessed(names.map { "train/" + $0 } + names.map { "test/" + $0 })
        #expect(tags.train[.loss] == "train/loss/negative_elbo" && tags.test[.loss] == "test/loss/negative_elbo")
        #expect(tags.train[.kl] == "train/loss/kl" && tags.test[.reconstruction] == "test/loss/reconstruction")
    }

    @Test func lightning() {
        let tags = guessed(["hp_metric", "train/elbo_step", "train/elbo_epoch", "kl", "epoch", "val/elbo"])
        #expect(tags.train == [.loss: "train/elbo_step", .kl: "kl"])
        #expect(tags.test == [.loss: "val/elbo"])
    }

    @Test func keras() {
        let tags = guessed([
            "train/epoch_loss", "train/epoch_kl_loss", "train/epoch_reconstruction_loss", "train/epoch_learning_rate",
            "validation/epoch_loss", "validation/evaluation_loss_vs_iterations",
        ])
        #expect(tags.train == [.loss: "train/epoch_loss", .kl: "train/epoch_kl_loss", .reconstruction: "train/epoch_reconstruction_loss"])
        #expect(tags.test == [.loss: "validation/epoch_loss"])
    }

    @Test(arguments: [
        ("trainLoss", CurveTags.Term.loss), ("KLD", .kl), ("loss/kld", .kl), ("loss_recon", .reconstruction), ("BCE", .reconstruction),
        ("NLL", .reconstruction), ("klLoss", .kl), ("rec_loss", .reconstruction),
    ])
    func names(name: String, term: CurveTags.Term) { #expect(guessed([name]).train == [term: name]) }

    @Test(arguments: ["kl_weight", "beta", "lr", "accuracy", "kl_annealing/beta", "epoch", "reconsider_rate"])
    func whatIsNoTerm(name: String) {
        #expect(guessed([name]).train.isEmpty && guessed([name]).test.isEmpty)
    }

    /// What a person has chosen stays, whatever comes later; what was dropped does not come back.
    @Test func choices() {
        var tags = guessed(["loss", "kl", "other"])
        tags.choose("other", as: .loss)
        tags.choose("val_other", as: .loss)
        tags.drop("kl")
        tags.guess(from: ["elbo", "loss", "kl", "other", "val_loss", "val_other"])
        #expect(tags.train == [.loss: "other"])
        #expect(tags.test == [.loss: "val_other"])
        #expect(tags.term(of: "other") == .loss && tags.term(of: "kl") == nil)
    }
}
