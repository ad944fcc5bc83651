"""Event files as PyTorch, Lightning, Keras and TensorFlow write them, with values that a formula gives (see each)."""

import glob, os, shutil, sys, tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""


def only(folder):
    files = [name for name in glob.glob(folder + "/**/*tfevents*", recursive=True)]
    assert len(files) == 1, files
    return files[0]


def pytorch(folder):
    """loss/kl = step / 16; a histogram and a picture beside it."""
    import numpy
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(folder + "/train")
    for step in (100, 200, 300):
        writer.add_scalar("loss/negative_elbo", 200 - step / 4, step)
        writer.add_scalar("loss/kl", step / 16, step)
    writer.add_scalar("loss/last", 0.5, -1)
    writer.add_scalar("loss/as_tensor", 0.25, 300, new_style=True)
    writer.add_histogram("codes", numpy.arange(6.0), 300)
    writer.add_image("picture", numpy.zeros((3, 4, 4)), 300)
    writer.close()
    yield "pytorch-train.events", only(folder + "/train")
    writer = SummaryWriter(folder + "/purge", purge_step=3)
    writer.add_scalar("loss/elbo", 7, 3)
    writer.close()
    yield "pytorch-purge.events", only(folder + "/purge")


def lightning(folder):
    """train/elbo = 10 - step; val/elbo = 20; epochs of four steps."""
    import torch
    from lightning.pytorch import LightningModule, Trainer
    from lightning.pytorch.loggers import TensorBoardLogger

    class Module(LightningModule):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def training_step(self, batch, index):
            self.log("train/elbo", 10.0 - self.global_step, on_step=True, on_epoch=True)
            return (self.weight * batch[0]).sum()

        def validation_step(self, batch, index): self.log("val/elbo", 20.0)

        def configure_optimizers(self): return torch.optim.SGD(self.parameters(), 0.0)

    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.zeros(4, 1)))
    Trainer(
        max_epochs=2, log_every_n_steps=1, logger=TensorBoardLogger(folder), enable_checkpointing=False, accelerator="cpu",
        enable_progress_bar=False, enable_model_summary=False).fit(Module(), data, data)
    yield "lightning.events", only(folder)


def keras(folder):
    """A model that stays as it is: its loss is 4 in each epoch."""
    import numpy
    import tensorflow

    model = tensorflow.keras.Sequential([tensorflow.keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(tensorflow.keras.optimizers.SGD(0.0), "mse")
    x, y = numpy.ones((4, 1)), numpy.full((4, 1), 2.0)
    callback = tensorflow.keras.callbacks.TensorBoard(folder, write_graph=False)
    model.fit(x, y, epochs=3, validation_data=(x, y), verbose=0, callbacks=[callback])
    yield "keras-validation.events.v2", only(folder + "/validation")


def tensorflow_summary(folder):
    """loss/elbo = 100 - step; a histogram and a picture beside it."""
    import numpy, tensorflow

    with tensorflow.summary.create_file_writer(folder).as_default():
        for step in range(3): tensorflow.summary.scalar("loss/elbo", 100.0 - step, step)
        tensorflow.summary.histogram("codes", numpy.arange(6.0), 2, buckets=4)
        tensorflow.summary.image("picture", numpy.zeros((1, 4, 4, 1)), 2)
    yield "keras-own.events.v2", only(folder)


target = sys.argv[1]
os.makedirs(target, exist_ok=True)
for make in (pytorch, lightning, keras, tensorflow_summary):
    with tempfile.TemporaryDirectory() as folder:
        for name, path in make(folder): shutil.copyfile(path, os.path.join(target, name))
for name in sorted(os.listdir(target)): print(name, os.path.getsize(os.path.join(target, name)))
